import test from "node:test";
import assert from "node:assert/strict";
import { h264CodecString, readUnit } from "../wire.ts";

test("an access unit reads back", () => {
  const bytes = new Uint8Array([1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1, 0x67]);
  const unit = readUnit(bytes.buffer);
  assert.ok(unit);
  assert.equal(unit.key, true);
  assert.equal(unit.sequence, 258);
  assert.deepEqual([...unit.data], [0, 0, 0, 1, 0x67]);
});

test("short and unknown messages are not units", () => {
  assert.equal(readUnit(new ArrayBuffer(10)), null);
  assert.equal(readUnit(new Uint8Array(20).buffer), null);
});

test("the codec's name is read from the parameter set", () => {
  assert.equal(h264CodecString(new Uint8Array([0, 0, 0, 1, 9, 16, 0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 1, 2])), "avc1.42C01F");
  assert.equal(h264CodecString(new Uint8Array([0, 0, 1, 0x65, 1, 2, 3, 4])), null);
});
