import test from "node:test";
import assert from "node:assert/strict";
import { ago, bitrate, duration, memory, millis, percent } from "../format.ts";

test("rates are shown in the unit a person would use", () => {
  assert.equal(bitrate(12_345_678), "12.3 Mbit/s");
  assert.equal(bitrate(850_000), "850 kbit/s");
  assert.equal(bitrate(0), "0 kbit/s");
  assert.equal(bitrate(Number.NaN), "–");
});

test("latencies keep a decimal while it matters", () => {
  assert.equal(millis(3.14), "3.1 ms");
  assert.equal(millis(31.4), "31 ms");
  assert.equal(millis(-1), "–");
});

test("a small loss is not rounded to none", () => {
  assert.equal(percent(0), "0 %");
  assert.equal(percent(0.0004), "<0.1 %");
  assert.equal(percent(0.012), "1.2 %");
  assert.equal(percent(0.5), "50 %");
});

test("durations grow an hour when they need one", () => {
  assert.equal(duration(5_000), "00:05");
  assert.equal(duration(3_725_000), "1:02:05");
});

test("memory and ages read naturally", () => {
  assert.equal(memory(512), "512 MiB");
  assert.equal(memory(16_000), "15.6 GiB");
  const now = Date.parse("2026-01-01T12:00:00Z");
  assert.equal(ago("2026-01-01T11:59:30Z", now), "just now");
  assert.equal(ago("2026-01-01T11:50:00Z", now), "10 min ago");
  assert.equal(ago(null, now), "never");
});
