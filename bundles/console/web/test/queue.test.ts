import test from "node:test";
import assert from "node:assert/strict";
import { QueuePolicy } from "../queue.ts";

test("nothing is decoded before the first key frame, and one is asked for once", () => {
  const policy = new QueuePolicy(4, 250);
  assert.equal(policy.arrived({ key: false, sequence: 1 }, 0, 0), "drop-and-ask");
  assert.equal(policy.arrived({ key: false, sequence: 2 }, 0, 100), "drop");
  assert.equal(policy.arrived({ key: false, sequence: 3 }, 0, 260), "drop-and-ask");
  assert.equal(policy.arrived({ key: true, sequence: 4 }, 0, 270), "decode");
  assert.equal(policy.arrived({ key: false, sequence: 5 }, 1, 280), "decode");
  assert.equal(policy.expected(), 6);
});

test("a decoder that falls behind drops to the next key frame", () => {
  const policy = new QueuePolicy(4, 250);
  policy.arrived({ key: true, sequence: 1 }, 0, 0);
  assert.equal(policy.arrived({ key: false, sequence: 2 }, 5, 10), "drop-and-ask");
  assert.equal(policy.arrived({ key: false, sequence: 3 }, 0, 20), "drop", "an emptied queue does not mend the picture");
  assert.equal(policy.arrived({ key: true, sequence: 4 }, 0, 30), "decode");
});

test("a failed decoder waits for a key frame", () => {
  const policy = new QueuePolicy();
  policy.arrived({ key: true, sequence: 1 }, 0, 0);
  policy.failed();
  assert.notEqual(policy.arrived({ key: false, sequence: 2 }, 0, 1000), "decode");
});
