import test from "node:test";
import assert from "node:assert/strict";
import { Keys, typed, type KeyInput, type WireEvent } from "../keys.ts";

const PLAIN = { repeat: false, timeStamp: 0, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
const ev = (code: string, key: string, more: Partial<KeyInput> = {}): KeyInput => ({ ...PLAIN, code, key, ...more });
const C = 0x06, Q = 0x14, X = 0x1b;

/** What a host has down after these events, and how often it typed each key. */
function host(events: WireEvent[]) {
  const down = new Set<number>();
  const typedKeys = new Map<number, number>();
  for (const e of events) {
    if (e[0] === "r") down.clear();
    if (e[0] !== "k") continue;
    if (e[2] === 1) {
      down.add(e[1]);
      typedKeys.set(e[1], (typedKeys.get(e[1]) ?? 0) + 1);
    } else down.delete(e[1]);
  }
  return { down: [...down], typed: typedKeys };
}

test("repeats come from the browser, and only for what is down and no modifier", () => {
  const keys = new Keys(false);
  const out = [...keys.down(ev("KeyX", "x"))];
  for (let i = 0; i < 10; i++) out.push(...keys.down(ev("KeyX", "x", { repeat: true })));
  out.push(...keys.up(ev("KeyX", "x")));
  assert.equal(host(out).typed.get(X), 11);
  assert.deepEqual(host(out).down, []);
  assert.deepEqual(keys.down(ev("KeyX", "x", { repeat: true })), [], "a key that was down before the page had it");
  keys.down(ev("ShiftLeft", "Shift"));
  assert.deepEqual(keys.down(ev("ShiftLeft", "Shift", { repeat: true })), []);
});

test("keys that are never said to go up do not stay down, on any platform", () => {
  for (const mac of [true, false]) {
    const keys = new Keys(mac);
    const meta = { metaKey: true };
    const copy = [
      ...keys.down(ev("MetaLeft", "Meta", meta)),
      ...keys.down(ev("KeyC", "c", meta)),
      ...keys.up(ev("MetaLeft", "Meta")),
    ];
    assert.deepEqual(host(copy).down, [], `Command and C, mac ${mac}`);
    assert.equal(host(copy).typed.get(C), 1);
    for (const [code, key] of [["Lang1", "HangulMode"], ["Lang2", "HanjaMode"], ["Backquote", "Zenkaku"], ["KanaMode", "Hiragana"]]) {
      const twice = [...keys.down(ev(code!, key!)), ...keys.down(ev(code!, key!))];
      assert.deepEqual(host(twice).down, [], code);
      assert.equal([...host(twice).typed.values()][0], 2, code);
    }
    assert.equal(keys.holding, false);
  }
});

test("on macOS a key under Command is typed and let go of at once, as often as it repeats", () => {
  const keys = new Keys(true);
  keys.down(ev("MetaLeft", "Meta", { metaKey: true }));
  const out = keys.down(ev("KeyC", "c", { metaKey: true }));
  assert.deepEqual(out, [["k", C, 1], ["k", C, 0]]);
  assert.deepEqual(keys.down(ev("KeyC", "c", { metaKey: true, repeat: true })), [["k", C, 1], ["k", C, 0]]);
});

test("Windows' AltGr has no Control in it, and a real Control goes first", () => {
  const keys = new Keys(false);
  const altGr = [
    ...keys.down(ev("ControlLeft", "Control", { ctrlKey: true })),
    ...keys.down(ev("AltRight", "AltGraph", { ctrlKey: true, altKey: true, timeStamp: 1 })),
    ...keys.down(ev("KeyQ", "@", { ctrlKey: true, altKey: true })),
    ...keys.up(ev("KeyQ", "@")),
    ...keys.up(ev("ControlLeft", "Control")),
    ...keys.up(ev("AltRight", "AltGraph")),
  ];
  assert.deepEqual(altGr, [["k", 0xe6, 1], ["k", Q, 1], ["k", Q, 0], ["k", 0xe6, 0]]);
  assert.deepEqual(
    [...keys.down(ev("ControlLeft", "Control")), ...keys.down(ev("KeyC", "c", { ctrlKey: true }))],
    [["k", 0xe0, 1], ["k", C, 1]],
  );
  keys.release();
  assert.deepEqual(keys.down(ev("ControlLeft", "Control")), []);
  assert.deepEqual(keys.up(ev("ControlLeft", "Control")), [["k", 0xe0, 1], ["k", 0xe0, 0]], "a tap of Control");
  keys.down(ev("ControlLeft", "Control", { timeStamp: 0 }));
  assert.deepEqual(keys.settle(), [["k", 0xe0, 1]]);
  assert.deepEqual(keys.down(ev("AltRight", "AltGraph", { timeStamp: 500 })), [["k", 0xe6, 1]], "both on purpose");
});

test("lock keys follow what a key of the client shows", () => {
  const of = (e: KeyInput, mac = false) => new Keys(mac).down(e)[0];
  assert.deepEqual(of(ev("KeyA", "A")), ["l", 0x39, 1]);
  assert.deepEqual(of(ev("KeyA", "a")), ["l", 0x39, 0]);
  assert.deepEqual(of(ev("KeyA", "A", { shiftKey: true })), ["l", 0x39, 0]);
  assert.deepEqual(of(ev("KeyA", "a", { shiftKey: true })), ["l", 0x39, 1]);
  assert.deepEqual(of(ev("Quote", "Ä")), ["l", 0x39, 1]);
  assert.equal(of(ev("KeyA", "A", { shiftKey: true }), true)![0], "k", "macOS: Shift says nothing about Caps Lock");
  assert.equal(of(ev("Digit1", "1"))![0], "k");
  assert.equal(of(ev("KeyA", "a", { ctrlKey: true }))![0], "k");
  assert.deepEqual(of(ev("Numpad1", "1")), ["l", 0x53, 1]);
  assert.deepEqual(of(ev("Numpad1", "End")), ["l", 0x53, 0]);
  assert.deepEqual(of(ev("Numpad1", "1"), true), ["l", 0x53, 1]);
  assert.equal(of(ev("Numpad1", "End", { shiftKey: true }))![0], "k");
});

test("macOS' Caps Lock is a tap each time it changes", () => {
  const keys = new Keys(true);
  const tap = [["k", 0x39, 1], ["k", 0x39, 0]];
  assert.deepEqual(keys.down(ev("CapsLock", "CapsLock")), tap);
  assert.deepEqual(keys.up(ev("CapsLock", "CapsLock")), tap);
});

test("a key that only goes up is typed, if it is one of those", () => {
  assert.deepEqual(new Keys(false).up(ev("PrintScreen", "PrintScreen")), [["k", 0x46, 1], ["k", 0x46, 0]]);
  assert.deepEqual(new Keys(false).up(ev("KeyA", "a")), []);
});

test("text without a place is typed as text, named keys as keys", () => {
  const keys = new Keys(false);
  assert.deepEqual(keys.down(ev("", "é")), [["t", "é"]]);
  assert.deepEqual(keys.down(ev("", "😀")), [["t", "😀"]]);
  assert.deepEqual(keys.down(ev("", "Enter")), [["k", 0x28, 1], ["k", 0x28, 0]]);
  assert.deepEqual(keys.down(ev("", "Dead")), []);
  assert.deepEqual(keys.down(ev("", "é", { ctrlKey: true })), []);
  assert.equal(keys.holding, false);
  const long = "日本😀".repeat(50);
  const pieces = typed(long);
  assert.equal(pieces.map((e) => e[1]).join(""), long);
  for (const e of pieces) assert.ok((e[1] as string).length <= 128);
});
