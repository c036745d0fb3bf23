// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Find libhpte, or build it: no crate, a C compiler at most.
//!
//! 1. `HPTE_SOURCE`, a source tree of libhpte: build that.
//! 2. What pkg-config has, if it is of this version; not in a cross build.
//! 3. The source tree that these bindings lie in: build that.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output};

fn variable(name: &str) -> Option<String> {
    println!("cargo:rerun-if-env-changed={}", name);
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn cargo(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo did not set {}", name))
}

fn pkg_config(arguments: &[&str]) -> Option<String> {
    let program = variable("PKG_CONFIG").unwrap_or_else(|| "pkg-config".into());
    let Output { status, stdout, .. } =
        Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(stdout).ok()?;
    status.success().then(|| text.trim().to_string())
}

/// Link the installed library; false if there is none of this version.
fn use_installed() -> bool {
    for name in ["PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"] {
        variable(name);
    }
    // before 1.0 a minor version may change the ABI
    let minor: u32 = cargo("CARGO_PKG_VERSION_MINOR").parse().unwrap();
    let wanted = format!("libhpte >= 0.{} libhpte < 0.{}", minor, minor + 1);
    if pkg_config(&["--exists", &wanted]).is_none() {
        return false;
    }
    // system directories are in no other output
    let mut directories: Vec<String> = Vec::new();
    directories.extend(pkg_config(&["--variable=libdir", "libhpte"]));
    let libs = pkg_config(&["--libs-only-L", "libhpte"]).unwrap_or_default();
    directories.extend(libs.split(" -L").map(|directory| {
        directory.trim_start_matches("-L").trim().replace('\\', "")
    }));
    let archive =
        |directory: &String| Path::new(directory).join("libhpte.a").exists();
    let kind = if directories.iter().any(archive) { "static" } else { "dylib" };
    for directory in directories.iter().filter(|d| !d.is_empty()) {
        println!("cargo:rustc-link-search=native={}", directory);
    }
    println!("cargo:rustc-link-lib={}=hpte", kind);
    let cflags = pkg_config(&["--cflags", "libhpte"]).unwrap_or_default();
    println!("cargo:rustc-env=HPTE_CFLAGS={}", cflags);
    println!("cargo:rustc-env=HPTE_FROM=pkg-config");
    true
}

fn run(command: &mut Command) {
    let status: ExitStatus = command.status().unwrap_or_else(|error| {
        panic!("{:?}: {}; set CC and AR?", command, error)
    });
    assert!(status.success(), "{:?}: {}", command, status);
}

/// The words of a tool's command: `CC_powerpc64le_unknown_linux_gnu`, else `CC`,
/// else `cc`; AR likewise.
fn tool_text(name: &str, default: &str) -> String {
    let target = cargo("TARGET").replace('-', "_");
    variable(&format!("{}_{}", name, target))
        .or_else(|| variable(name))
        .unwrap_or_else(|| default.to_string())
}

fn tool(name: &str, default: &str) -> Command {
    let text = tool_text(name, default);
    let mut words = text.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(default));
    command.args(words);
    command
}

fn listed(root: &Path, list: &str) -> Vec<String> {
    let path = root.join(list);
    println!("cargo:rerun-if-changed={}", path.display());
    let text = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {}", path.display(), error));
    text.split_whitespace().map(String::from).collect()
}

fn build(root: &Path) {
    let output = PathBuf::from(cargo("OUT_DIR"));
    let include = root.join("include");
    let mut sources = listed(root, "libhpte/sources.list");
    let architecture = cargo("CARGO_CFG_TARGET_ARCH");
    if architecture == "powerpc64" {
        sources.extend(listed(root, "arch/ppc64/sources.list"));
    }
    let mut objects = Vec::new();
    for source in &sources {
        let object = output.join(source.replace('/', "-") + ".o");
        let mut compiler = tool("CC", "cc");
        compiler.args([
            "-std=c11",
            "-O2",
            "-ffreestanding",
            "-fno-builtin",
            "-fPIC",
            "-fno-stack-protector",
            "-fvisibility=hidden",
            "-DHPTE_CONFIG_ASM=1",
        ]);
        if architecture == "aarch64" {
            compiler.arg("-mno-outline-atomics");
        }
        for directory in [root, &include, &root.join("libhpte/compat")] {
            compiler.arg("-I").arg(directory);
        }
        run(compiler.arg("-c").arg(root.join(source)).arg("-o").arg(&object));
        objects.push(object);
    }
    let archive = output.join("libhpte.a");
    let _ = fs::remove_file(&archive); // ar would keep old members
    run(tool("AR", "ar").arg("crs").arg(&archive).args(&objects));
    for directory in ["libhpte", "arch", "include"] {
        println!("cargo:rerun-if-changed={}", root.join(directory).display());
    }
    println!("cargo:rustc-link-search=native={}", output.display());
    println!("cargo:rustc-link-lib=static=hpte");
    println!("cargo:rustc-env=HPTE_CFLAGS=-I{}", include.display());
    println!("cargo:rustc-env=HPTE_FROM=source");
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=HPTE_CC={}", tool_text("CC", "cc")); // for tests
    let own = Path::new(&cargo("CARGO_MANIFEST_DIR")).join("../../..");
    if let Some(source) = variable("HPTE_SOURCE") {
        build(Path::new(&source));
    } else if cargo("TARGET") == cargo("HOST") && use_installed() {
    } else if own.join("libhpte/sources.list").exists() {
        build(&own);
    } else {
        panic!(
            "libhpte: pkg-config has none of this version, and there are no \
             sources around the bindings; install it, or set HPTE_SOURCE"
        );
    }
}
