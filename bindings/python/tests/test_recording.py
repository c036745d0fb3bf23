# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Recordings read and replayed: those of tests/replay, whole and damaged."""
import lzma
import os
import pathlib
import struct
import sys
import tempfile
import unittest

import hpte

REPLAY = pathlib.Path(__file__).resolve().parents[3] / 'tests/replay'
sys.path.insert(0, str(REPLAY))
import recording as model  # noqa: E402
import scene  # noqa: E402

A_P8 = str(REPLAY / 'data/a-p8.trace.xz')


class Directory(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, data, name='trace'):
        path = os.path.join(self.directory, name)
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def records(self, data):
        with hpte.Recording(self.path(data)) as recording:
            return list(recording)


class Reading(Directory):
    def setUp(self):
        super().setUp()
        self.data = scene.make().bytes()

    def test_every_record(self):
        records = self.records(self.data)
        tags = [tag for _, tag, _ in model.split(self.data)]
        self.assertEqual(len(records), len(tags) - 1)	# END
        for kind, tag in ((hpte.recording.Alloc, model.ALLOC),
                          (hpte.recording.Update, model.RC),
                          (hpte.recording.Lookup, model.LOOKUP),
                          (hpte.recording.Checksum, model.CKSUM)):
            self.assertEqual(sum(isinstance(r, kind) for r in records),
                             tags.count(tag))
        self.assertEqual([r.opcode for r in records
                          if isinstance(r, hpte.recording.Call)],
                         [tag for tag in tags if tag < 0x10000])

    def test_packed(self):
        path = self.path(lzma.compress(self.data), 'trace.xz')
        with hpte.Recording(path) as recording:
            self.assertEqual(list(recording), self.records(self.data))

    def test_cut_off_anywhere(self):
        offsets = [offset for offset, _, _ in model.split(self.data)]
        for cut in (*offsets[:3], offsets[-1], offsets[5] + 1,
                    len(self.data) - 1):
            with self.assertRaisesRegex(hpte.RecordingError, 'cut off'):
                self.records(self.data[:cut])

    def test_damaged(self):
        first = len(model.MAGIC)
        for what, data in (
                ('not a recording', b'X' + self.data[1:]),
                ('unknown tag', self.data[:first] + struct.pack(
                    '<I', 0x80000009) + self.data[first + 4:]),
                ('ALLOC 2', self.data[:first + 4] + struct.pack(
                    '<I', 2) + self.data[first + 8:]),
                ('order 200', self.data[:first + 8] + struct.pack(
                    '<Q', 200) + self.data[first + 16:]),
                ('follows END', self.data + b'\0'),
                ('follows END', self.data[:-4] + b'\1\0\0\0')):
            with self.assertRaisesRegex(hpte.RecordingError, what) as caught:
                self.records(data)
            self.assertLessEqual(caught.exception.offset, len(data))

    def test_damaged_packing(self):
        packed = lzma.compress(self.data)
        for data in (packed[:-40], packed[:200] + bytes(64) + packed[264:],
                     b'plain'):
            path = self.path(data, 'trace.xz')
            with self.assertRaisesRegex(hpte.RecordingError, 'unpacked'):
                with hpte.Recording(path) as recording:
                    list(recording)

    def test_closed(self):
        recording = hpte.Recording(self.path(self.data))
        recording.close()
        with self.assertRaisesRegex(ValueError, 'closed'):
            list(recording)

    def test_images(self):
        image = scene.make().final()
        path = self.path(lzma.compress(image), 'final.hpt.xz')
        opened = hpte.open_image(path)
        self.assertEqual(len(opened), len(image))
        self.assertFalse(any(byte & 0x40 for byte in opened[7::16]))
        for wrong in (image[:-1], image + bytes(16), b'', bytes(1 << 17)):
            with self.assertRaises(hpte.RecordingError):
                hpte.open_image(self.path(wrong, 'wrong'))
        with self.assertRaises(hpte.RecordingError):
            hpte.open_image(self.path(b'plain', 'wrong.xz'))


class Replaying(Directory):
    def replay(self, data):
        replay = hpte.Replay()
        replay.run(self.records(data))
        return replay

    def test_the_scene(self):
        machine = scene.make()
        replay = self.replay(machine.bytes())
        result = replay.result
        self.assertEqual((result.first, result.mismatches), ('', 0))
        tags = [tag for _, tag, _ in model.split(machine.bytes())]
        self.assertEqual(
            (result.hcalls, result.lookups, result.updates, result.checksums,
             result.resizes),
            (machine.hcalls, tags.count(model.LOOKUP), tags.count(model.RC),
             tags.count(model.CKSUM), 3))
        final = hpte.open_image(self.path(machine.final(), 'final'))
        self.assertEqual(replay.table.image(), final)
        self.assertGreater(replay.machine.invalidations, 10)
        with hpte.Table.of_image(final) as copy:
            self.assertEqual(hpte.checksum(copy),
                             hpte.checksum(replay.table))

    def test_a_wrong_one_is_noticed(self):
        """One bit of each kind of record."""
        data = scene.make().bytes()
        changed = set()
        for offset, tag, size in model.split(data):
            # where an answer is: of an hcall R3, of a LOOKUP the entry, ...
            at = {model.RC: 4, model.LOOKUP: 40, model.CKSUM: 24}.get(
                tag, 80 if tag < 0x10000 else None)
            if tag in changed or at is None:
                continue
            wrong = bytearray(data)
            wrong[offset + at] ^= 0x80
            with self.subTest(tag):
                self.assertGreater(self.replay(bytes(wrong)).result
                                   .mismatches, 0)
            changed.add(tag)
        self.assertGreater(len(changed), 10)

    def test_records_that_cannot_be_there(self):
        call = hpte.recording.Call(4, 0, (0,) * 9, 0, (0,) * 9)
        new = hpte.recording.Alloc(False, 18)
        resize = hpte.recording.Alloc(True, 19)
        for records in ([call], [resize], [new, resize],
                        [new, resize, call]):
            with self.assertRaises(ValueError):
                hpte.Replay().run(records)

    def test_the_beginning_of_a_boot(self):
        """Of a Linux kernel, up to the second checksum of the table."""
        replay = hpte.Replay()
        with hpte.Recording(A_P8) as recording:
            for record in recording:
                replay.step(record)
                if replay.result.checksums == 2:
                    break
        result = replay.result
        self.assertEqual((result.first, result.mismatches), ('', 0))
        self.assertEqual(result.hcalls, 2 * 4096)
        self.assertGreater(result.lookups, 10000)
        self.assertEqual(sum(view.entry.bolted for view in replay.table), 65)
        self.assertEqual(sum(result.kinds.values()), result.hcalls)
        self.assertGreater(result.kinds[hpte.Hcall.ENTER, hpte.H.SUCCESS],
                           4000)


if __name__ == '__main__':
    unittest.main()
