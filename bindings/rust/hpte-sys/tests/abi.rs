// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! The declarations against the C headers, by the C compiler itself: each is
//! translated to C and must agree with what the headers say; and each name of
//! the headers must be here.

use hpte_sys::macros::Function;
use hpte_sys::*;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const ENUMS: &[&str] = &[
    "hpte_backing_kind",
    "hpte_host_result",
    "hpte_insn_kind",
    "hpte_insn_bank",
    "hpte_insn_layout",
    "hpte_hcall_disposition",
    "hpte_fault_action",
    "hpte_mmio_result",
    "hpte_mmio_action",
    "hpte_mmio_reason",
];

/// What only C can use, and constants that it makes itself.
const C_ONLY: &[&str] = &[
    "HPTE_API",
    "HPTE_BITWISE",
    "HPTE_CAPS_DEFAULT", // compared by its members
    "HPTE_FORCE",
    "HPTE_MUST_CHECK",
    "HPTE_VERSION_STRING",
];

/// A Rust type in C.
fn c_type(rust: &str) -> String {
    if let Some(to) = rust.strip_prefix("*mut ") {
        return format!("{} *", c_type(to));
    }
    if let Some(to) = rust.strip_prefix("*const ") {
        return format!("const {} *", c_type(to));
    }
    if let Some(array) = rust.strip_prefix('[') {
        let (of, count) = array.trim_end_matches(']').split_once(';').unwrap();
        let count = count.trim().trim_end_matches(" as usize");
        return format!("__typeof__({}[{}])", c_type(of), count);
    }
    match rust {
        "u8" => "uint8_t".into(),
        "u16" => "uint16_t".into(),
        "u32" => "unsigned int".into(),
        "u64" => "uint64_t".into(),
        "i32" => "int".into(),
        "i64" => "int64_t".into(),
        "usize" => "size_t".into(),
        "bool" => "bool".into(),
        "c_void" | "()" => "void".into(),
        name if name.ends_with("_fn") => name.into(),
        name if ENUMS.contains(&name) => format!("enum {}", name),
        name => format!("struct {}", name),
    }
}

fn parameters(function: &Function) -> String {
    let all: Vec<_> = function.1.iter().map(|kind| c_type(kind)).collect();
    if all.is_empty() {
        "void".into()
    } else {
        all.join(", ")
    }
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Compile with the headers; what the compiler says if it refuses.
fn compile(name: &str, body: &str, program: &str) -> Result<PathBuf, String> {
    let source = scratch(&format!("{}.c", name));
    let output = scratch(name);
    let text = format!(
        "#include <stdio.h>\n#include <hpte/hpte.h>\n{}{}",
        body, program
    );
    std::fs::write(&source, text).unwrap();
    let mut words = env!("HPTE_CC").split_whitespace();
    let result = Command::new(words.next().unwrap())
        .args(words)
        .args(["-std=gnu11", "-Werror"])
        .args(env!("HPTE_CFLAGS").split_whitespace())
        .args([&source, Path::new("-o"), &output])
        .output()
        .unwrap();
    if result.status.success() {
        return Ok(output);
    }
    Err(String::from_utf8_lossy(&result.stderr).into_owned())
}

/// A command that runs a program, by the emulator that whoever tests for
/// another CPU names.
fn run(program: &Path) -> Command {
    let emulator = std::env::var("HPTE_EMULATOR").unwrap_or_default();
    let mut words = emulator.split_whitespace().map(OsStr::new);
    let mut command = Command::new(words.next().unwrap_or(program.as_os_str()));
    command.args(words);
    if !emulator.is_empty() {
        command.arg(program);
    }
    command
}

const NOTHING: &str = "int main(void) { return 0; }\n";

#[test]
fn constants_are_equal() {
    let mut body = String::new();
    for (name, value) in CONSTANTS {
        writeln!(
            body,
            "_Static_assert({0} == ({1}), \"{0}\");",
            name,
            c_number(*value)
        )
        .unwrap();
    }
    compile("constants", &body, NOTHING).unwrap();
}

fn c_number(value: i128) -> String {
    if value < 0 {
        value.to_string()
    } else {
        format!("{}ULL", value)
    }
}

#[test]
fn structures_are_equal() {
    let mut body = String::new();
    for function in CALLBACKS {
        writeln!(
            body,
            "typedef {} (*{})({});",
            c_type(function.2),
            function.0,
            parameters(function)
        )
        .unwrap();
    }
    for s in STRUCTURES {
        writeln!(
            body,
            "_Static_assert(sizeof(struct {0}) == {1}, \"{0}\");",
            s.name, s.size
        )
        .unwrap();
        for member in s.members {
            writeln!(
                body,
                "_Static_assert(__builtin_offsetof(struct {0}, {1}) \
                == {2}, \"{0}.{1}\");\n_Static_assert(\
                __builtin_types_compatible_p(\
                __typeof__(((struct {0} *)0)->{1}), {3}), \"{0}.{1}\");",
                s.name,
                member.name,
                (member.offset)(),
                c_type(member.kind)
            )
            .unwrap();
        }
    }
    for name in ENUMS {
        writeln!(body, "_Static_assert(sizeof(enum {0}) == 4, \"{0}\");", name)
            .unwrap();
    }
    compile("structures", &body, NOTHING).unwrap();
}

#[test]
fn prototypes_are_equal() {
    let mut body = String::new();
    for function in FUNCTIONS {
        writeln!(
            body,
            "{} {}({});",
            c_type(function.2),
            function.0,
            parameters(function)
        )
        .unwrap();
    }
    compile("prototypes", &body, NOTHING).unwrap();
}

#[test]
fn differences_are_found() {
    for (name, body) in [
        ("value", "_Static_assert(HPTE_ORDER_MIN == 17ULL, \"v\");\n"),
        ("type", "bool hpte_table_find(void);\n"),
    ] {
        compile(name, body, NOTHING).unwrap_err();
    }
}

#[test]
fn default_caps_are_equal() {
    let program = compile(
        "caps",
        "",
        r#"int main(void)
{
    struct hpte_caps c = HPTE_CAPS_DEFAULT;
    printf("%u %u %u %u %u %u %u %u %u ", c.caps_size, c.isa, c.format,
        c.data_keys, c.insn_keys, c.page_pairs, c.order_max, c.pp0, c.strict);
    for (int i = 0; i < 7; i++)
        printf("%u ", c.block[i]);
    printf("%llu", (unsigned long long)c.hcalls);
    return 0;
}
"#,
    )
    .unwrap();
    let printed = run(&program).output().unwrap().stdout;
    let c = HPTE_CAPS_DEFAULT;
    let mut numbers: Vec<u64> = vec![
        c.caps_size.into(),
        c.isa.into(),
        c.format.into(),
        c.data_keys.into(),
        c.insn_keys.into(),
        c.page_pairs.into(),
        c.order_max.into(),
        c.pp0.into(),
        c.strict.into(),
    ];
    numbers.extend(c.block.iter().map(|most| u64::from(*most)));
    numbers.push(c.hcalls);
    let ours: Vec<_> = numbers.iter().map(u64::to_string).collect();
    assert_eq!(String::from_utf8(printed).unwrap(), ours.join(" "));
}

/// The headers without comments, but for the one for POWER.
fn headers() -> Vec<(String, String)> {
    let flags = env!("HPTE_CFLAGS").split_whitespace();
    let directory = flags
        .filter_map(|flag| flag.strip_prefix("-I"))
        .chain(["/usr/include", "/usr/local/include"])
        .map(|directory| Path::new(directory).join("hpte"))
        .find(|directory| directory.join("hpte.h").exists())
        .expect("no headers");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut plain = String::new();
        for (n, part) in text.split("/*").enumerate() {
            let code = if n == 0 {
                Some(part)
            } else {
                part.split_once("*/").map(|(_, code)| code)
            };
            plain.push_str(code.unwrap());
        }
        if name != "ppc64.h" {
            all.push((name, plain));
        }
    }
    assert!(all.len() > 15);
    all
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| c != '_' && !c.is_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

#[test]
fn no_name_is_missing() {
    let mut ours: BTreeSet<&str> = CONSTANTS.iter().map(|c| c.0).collect();
    ours.extend(FUNCTIONS.iter().map(|function| function.0));
    ours.extend(STRUCTURES.iter().map(|structure| structure.name));
    ours.extend(C_ONLY);
    let mut missing = Vec::new();
    let mut seen = 0;
    for (header, text) in headers() {
        let mut names: Vec<String> = Vec::new();
        for declaration in text.split("HPTE_API").skip(1) {
            let head = declaration.split('(').next().unwrap().trim_end();
            let at = head.rfind(|c: char| !c.is_alphanumeric() && c != '_');
            names.extend(at.map(|at| head[at + 1..].to_string()));
        }
        for line in text.lines() {
            if let Some(macro_) = line.strip_prefix("#define ") {
                // macros with arguments, guards and what ends in _ are C's own
                let name = word(macro_);
                let own = macro_[name.len()..].starts_with('(')
                    || name.ends_with('_')
                    || name.ends_with("_H");
                names.extend((!own).then(|| name.to_string()));
            }
            let structure =
                line.strip_prefix("struct ").filter(|rest| rest.ends_with('{'));
            names.extend(structure.map(|rest| word(rest).to_string()));
            let enumerator = line
                .strip_prefix('\t')
                .filter(|rest| rest.starts_with("HPTE_") && rest.contains('='));
            names.extend(enumerator.map(|rest| word(rest).to_string()));
        }
        let names =
            names.iter().filter(|name| name.to_lowercase().starts_with("hpte"));
        for name in names {
            seen += 1;
            if !ours.contains(name.as_str()) {
                missing.push(format!("{}: {}", header, name));
            }
        }
    }
    assert!(missing.is_empty(), "{:#?}", missing);
    assert!(seen > 300, "only {} names found in the headers", seen);
}

#[test]
fn version_is_the_headers() {
    let numbers = [HPTE_VERSION_MAJOR, HPTE_VERSION_MINOR, HPTE_VERSION_PATCH];
    let version = numbers.map(|number| number.to_string()).join(".");
    assert_eq!(env!("CARGO_PKG_VERSION"), version);
}

/// The library is what whoever runs this test wants to be tested.
#[test]
fn library_is_the_one_expected() {
    let expected = std::env::var("HPTE_EXPECTED");
    let expected = expected.unwrap_or_else(|_| env!("HPTE_FROM").into());
    assert_eq!(env!("HPTE_FROM"), expected);
    // SAFETY: a pure function.
    assert_eq!(unsafe { hpte_table_bytes(18) }, 1 << 18);
}
