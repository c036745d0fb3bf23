// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Replay a recording of a Linux guest: every hypercall, table search, R and C
//! update and checksum must come out as recorded.
//!
//! usage: xz -dc NAME.trace.xz | replay RAM_BYTES LOG2_LARGEST_PAGE
//!
//! tools/hptctl/trace.h has the format; what is masked is what the recorder
//! does against LoPAR, as tools/hptctl/hcall.c explains.

use hpte::*;
use std::io::{self, BufReader, Read};
use std::process::exit;
use std::sync::Mutex;

const RECORDER_MARK: u64 = 1 << (63 - 57);

struct Machine {
    ram: u64,
    largest: u32,
    tables: Mutex<Vec<[Vec<Line>; 2]>>, // of resizes
}

impl Host for Machine {
    fn classify(&self, gpa: u64, shift: u32) -> Backing {
        if gpa >= self.ram {
            Backing::Io(self.largest)
        } else if 1 << shift > self.ram - gpa {
            Backing::Partial
        } else {
            Backing::Ram(self.largest)
        }
    }

    fn guest_read(&self, _gpa: u64, _to: &mut [u8]) -> bool {
        false
    }

    // pages have no contents here: filling one is done at once
    fn guest_write(&self, _gpa: u64, _from: &[u8]) -> bool {
        true
    }

    fn guest_zero(&self, _gpa: u64, _bytes: u64) -> bool {
        true
    }
}

fn zeroed(order: u32) -> Vec<Line> {
    vec![Line::ZERO; Line::count(Order::new(order).expect("an order"))]
}

// SAFETY: what is given stays in `tables`, untouched; there is one thread.
unsafe impl Privileged for Machine {
    fn hpt_alloc(&self, order: u32) -> Answer<Memory> {
        let mut new = [zeroed(order), zeroed(order)];
        let [table, side] = &mut new;
        let (table, side) = (table.as_mut_ptr(), side.as_mut_ptr());
        self.tables.lock().unwrap().push(new);
        Answer::Done(Memory { table, side })
    }

    fn hpt_free(&self, _order: u32, memory: Option<Memory>) {
        // a machine's first table is not there, and stays
        self.tables.lock().unwrap().retain(|[table, _]| {
            memory.map_or(true, |old| !std::ptr::eq(old.table, table.as_ptr()))
        });
    }

    fn vcpus_stop(&self) -> bool {
        true
    }
}

/// A record: its tag, then its bytes, little-endian.
struct Record {
    tag: u32,
    bytes: Vec<u8>,
}

impl Record {
    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes[at..at + 4].try_into().unwrap())
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes[at..at + 8].try_into().unwrap())
    }

    fn registers(&self, at: usize) -> [u64; 9] {
        std::array::from_fn(|n| self.u64(at + 8 * n))
    }
}

const ALLOC: u32 = 0x8000_0001;
const RC: u32 = 0x8000_0002;
const LOOKUP: u32 = 0x8000_0003;
const CKSUM: u32 = 0x8000_0004;
const END: u32 = 0x8000_0005;

fn next(input: &mut impl Read) -> io::Result<Record> {
    let mut tag = [0; 4];
    input.read_exact(&mut tag)?;
    let bytes = match u32::from_le_bytes(tag) {
        0..=0xFFFF => 160,
        ALLOC | RC => 16,
        LOOKUP => 80,
        CKSUM => 48,
        END => 8,
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    let mut record =
        Record { tag: u32::from_le_bytes(tag), bytes: vec![0; bytes] };
    record.bytes[..4].copy_from_slice(&tag);
    input.read_exact(&mut record.bytes[4..])?;
    Ok(record)
}

#[derive(Default)]
struct Count {
    hcalls: u64,
    lookups: u64,
    updates: u64,
    checksums: u64,
    mismatches: u64,
}

impl Count {
    fn compare(&mut self, what: &str, same: bool) {
        if !same {
            self.mismatches += 1;
            if self.mismatches == 1 {
                let Count { hcalls, lookups, .. } = self;
                eprintln!(
                    "first: {}, hcall {}, lookup {}",
                    what, hcalls, lookups
                );
            }
        }
    }
}

/// The recorded answer without what the recorder does on its own.
fn mask(record: &Record, success: bool, outs: &mut [u64; 9]) {
    let args = record.registers(8);
    match record.tag {
        sys::HPTE_HCALL_READ if success => {
            let all = args[0] & sys::HPTE_HFLAG_READ_4 != 0;
            for n in (0..if all { 8 } else { 2 }).step_by(2) {
                outs[n] &= !RECORDER_MARK;
            }
        }
        sys::HPTE_HCALL_REMOVE if success => outs[0] &= !RECORDER_MARK,
        sys::HPTE_HCALL_BULK_REMOVE => {
            for n in (0..8).step_by(2) {
                let moved = outs[n] & 3 << 50; // R and C, 8 bits too low
                if outs[n] != args[n] && outs[n] >> 60 == 8 {
                    outs[n] = (outs[n] ^ moved) | moved << 8;
                }
            }
        }
        _ => {}
    }
}

fn is_timing(code: i64) -> bool {
    code == 0 || (9900..=9905).contains(&code)
}

fn hcall<H: Host>(vm: &Vm<'_, '_, H>, record: &Record, count: &mut Count) {
    let (args, code) = (record.registers(8), record.u64(80) as i64);
    let mut outs = record.registers(88);
    count.hcalls += 1;
    if code == sys::HPTE_H_FUNCTION {
        // the recorded hypervisor does not offer the call
        count.compare("a call that is not offered", outs == args);
        return;
    }
    mask(record, code == 0, &mut outs);
    let mut gpr = [0xA5A5_A5A5; 32];
    gpr[3] = record.tag.into();
    gpr[4..13].copy_from_slice(&args);
    let answer = vm.dispatch(&mut gpr, 0);
    let same_code = gpr[3] as i64 == code
        || record.tag == sys::HPTE_HCALL_RESIZE_HPT_PREPARE
            && is_timing(code)
            && is_timing(gpr[3] as i64);
    let untouched =
        gpr[..3].iter().chain(&gpr[13..]).all(|r| *r == 0xA5A5_A5A5);
    let same = answer == Disposition::Done && same_code && gpr[4..13] == outs;
    count.compare("a hypercall's answer", same && untouched);
}

/// Search as the recorder's MMU does; the words are those of the record.
fn search<H: Host>(
    table: &Table<'_, H>,
    record: &Record,
) -> ([u64; 4], u32, u32) {
    let (ea, descriptor, info) =
        (record.u64(8), record.u64(16), record.u32(72) & 0xF);
    let kind = [Kind::Read, Kind::Write, Kind::Execute][(info & 3) as usize];
    let store = if kind == Kind::Write { sys::HPTE_FAULT_STORE } else { 0 };
    let nothing = [!0, 0, 0, 0];
    let va = Va::new(descriptor, ea);
    let base = va.map_or(0, |va| va.base());
    if kind == Kind::Execute && descriptor & sys::HPTE_SLB_N != 0 {
        let info = info | base << 8 | 2 << 24;
        return (nothing, info, sys::HPTE_FAULT_NO_EXECUTE);
    }
    let view = match va.and_then(|va| table.find(&va)) {
        Ok(view) => view,
        Err(_) => {
            let info = info | base << 8 | 3 << 24;
            return (nothing, info, sys::HPTE_FAULT_NO_ENTRY | store);
        }
    };
    let (entry, actual) = (view.entry(), view.page().actual());
    let page = entry.rights(descriptor, info & 4 != 0);
    let key = entry.key_rights(record.u64(56), record.u64(64));
    let mut rights = page.and(key).bits();
    let (mut outcome, mut real, mut fault) = (0, 0, 0);
    if page.and(key).allows(kind) {
        real = entry.real().unwrap() | (ea & ((1 << actual) - 1));
    } else {
        outcome = 4;
        let no_execute = sys::HPTE_DW1_N | sys::HPTE_DW1_G;
        fault = store | if key.allows(kind) { 0 } else { sys::HPTE_FAULT_KEY };
        if kind == Kind::Execute && entry.dw1 & no_execute != 0 {
            fault |= sys::HPTE_FAULT_NO_EXECUTE;
        } else if !page.allows(kind) {
            fault |= sys::HPTE_FAULT_PROTECTION;
        }
    }
    if !entry.is_changed() && kind != Kind::Write {
        rights &= !sys::HPTE_WRITE; // the next store sets C
    }
    let info = info | rights << 4 | base << 8 | actual << 16 | outcome << 24;
    ([view.index(), entry.dw0, entry.dw1, real], info, fault)
}

fn lookup<H: Host>(table: &Table<'_, H>, record: &Record, count: &mut Count) {
    count.lookups += 1;
    let (found, info, fault) = search(table, record);
    let [index, dw0, dw1, real] = found;
    let (recorded_info, recorded_fault) = (record.u32(72), record.u32(76));
    // what the format leaves open, as tools/hptctl/lookup.c explains
    let mut open = 0;
    if info >> 24 == 4 && info & 3 != 1 && dw1 & sys::HPTE_DW1_C == 0 {
        open |= sys::HPTE_WRITE << 4;
    }
    if record.u64(16) & sys::HPTE_SLB_N != 0 {
        open |= sys::HPTE_EXECUTE << 4;
    }
    let same_fault = recorded_fault == fault
        || recorded_fault == 0 && recorded_info & 8 == 0;
    let same = record.u64(24) == index
        && record.u64(32) & !RECORDER_MARK == dw0
        && record.u64(40) == dw1
        && record.u64(48) == real
        && (recorded_info ^ info) & !open == 0;
    count.compare("a search of the table", same && same_fault);
}

fn update<H: Host>(table: &Table<'_, H>, record: &Record, count: &mut Count) {
    count.updates += 1;
    let (what, index) = (record.u32(4), record.u64(8));
    let (bit, shift) = match what & 0x100 {
        0 => (sys::HPTE_DW1_R, 8),
        _ => (sys::HPTE_DW1_C, 0),
    };
    let after = table.read(index).and_then(|view| {
        table.set_rc(&view, bit)?;
        Ok((view.entry().dw1, table.read(index)?.entry().dw1))
    });
    let same = after.map_or(false, |(before, after)| {
        after == before | bit && (after >> shift) as u8 == what as u8
    });
    count.compare("an update of R or C", same);
}

fn checksum<H: Host>(table: &Table<'_, H>, record: &Record, count: &mut Count) {
    count.checksums += 1;
    let step = |hash: u64, x: u64| (hash ^ x).wrapping_mul(0x100_0000_01b3);
    let (mut hash, mut valid, mut bolted) = (0xcbf2_9ce4_8422_2325, 0, 0);
    for view in (0..table.entries()).filter_map(|n| table.read(n).ok()) {
        let entry = view.entry();
        hash = step(step(step(hash, view.index()), entry.dw0), entry.dw1);
        valid += 1;
        bolted += u64::from(entry.is_bolted());
    }
    let same = record.u32(4) == table.order().log2()
        && record.u64(8) == count.hcalls
        && [24, 32, 40].map(|at| record.u64(at)) == [hash, valid, bolted];
    count.compare("a checksum of the table", same);
}

/// From one machine reset to the next, whose table's order it answers.
fn run(
    machine: &Machine,
    order: u32,
    input: &mut impl Read,
    count: &mut Count,
) -> io::Result<Option<u32>> {
    let (mut memory, mut side) = (zeroed(order), zeroed(order));
    let config = Config::new(&mut memory, &mut side);
    let mut table = Table::resizable(config, machine).unwrap();
    let vm = Vm::new(&mut table);
    let mut resized = None;
    loop {
        let record = next(input)?;
        match record.tag {
            ALLOC if record.u32(4) == 0 => return Ok(Some(record.u32(8))),
            ALLOC => resized = Some(record.u32(8)),
            RC => update(vm.table(), &record, count),
            LOOKUP => lookup(vm.table(), &record, count),
            CKSUM => checksum(vm.table(), &record, count),
            END => return Ok(None),
            _ => hcall(&vm, &record, count),
        }
        if record.tag == sys::HPTE_HCALL_RESIZE_HPT_COMMIT {
            let order = resized.take().unwrap_or(0);
            let same = vm.table().order().log2() == order;
            count.compare("the order after a resize", order == 0 || same);
        }
    }
}

fn replay(machine: &Machine, count: &mut Count) -> io::Result<()> {
    let mut input = BufReader::new(io::stdin().lock());
    let mut magic = [0; 8];
    input.read_exact(&mut magic)?;
    assert_eq!(&magic, b"HPTTRC01", "not a recording");
    let first = next(&mut input)?;
    assert_eq!(first.tag, ALLOC, "a recording begins with a table");
    let mut order = Some(first.u32(8));
    while let Some(next) = order {
        order = run(machine, next, &mut input, count)?;
        machine.tables.lock().unwrap().clear();
    }
    match input.read(&mut [0])? {
        0 => Ok(()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn main() {
    let numbers: Vec<u64> =
        std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let machine = match numbers[..] {
        [ram, largest] => Machine {
            ram,
            largest: largest as u32,
            tables: Mutex::new(Vec::new()),
        },
        _ => panic!("usage: replay RAM_BYTES LOG2_LARGEST_PAGE <RECORDING"),
    };
    let mut count = Count::default();
    let end = replay(&machine, &mut count);
    println!(
        "replayed {} hcalls, {} lookups, {} updates, {} checksums: {} mismatches",
        count.hcalls, count.lookups, count.updates, count.checksums,
        count.mismatches
    );
    if let Err(error) = &end {
        eprintln!("replay: the recording is damaged: {}", error);
    }
    exit(i32::from(end.is_err() || count.mismatches != 0));
}
