import test from "node:test";
import assert from "node:assert/strict";
import type { Connection, Figures } from "../model.ts";
import { parts, quality, rate } from "../quality.ts";
import { comesBack, endWords, failureWords, overTitle, spoken } from "../words.ts";

const RAW = { message: "h1 did not answer in PT12S 01999999-0000-7000-8000-000000000001", advice: "x" };
const connection = (more: Partial<Connection>): Connection => ({
  host_id: "1", host_name: "render-3", phase: "failed", steps: [], error: null, reason: null, streamed_ms: 0,
  gives_up_in_ms: 0, codec: "h264", width: 1, height: 1, capture: null, encoder: null, ...more,
});

test("no sentence of a server, id or ISO duration is what a person reads first", () => {
  for (const code of ["HOST_NOT_READY", "SESSION_HOST_BUSY", "SOMETHING_NEW", "constructor", ""]) {
    const words = failureWords({ code, ...RAW }, "render-3");
    assert.doesNotMatch(words.title + words.text, /PT\d|0199|did not answer in/, code);
    assert.ok(words.title.length > 5 && words.text.length > 5);
  }
});

test("reasons are said in words, and an unknown one is not shown raw", () => {
  assert.match(endWords("user_disconnect"), /You left/);
  assert.match(endWords("admin_force"), /administrator/);
  for (const reason of ["replaced", "the host left: terminated: replaced"]) {
    assert.match(endWords(reason), /connected to this host anew/);
  }
  assert.match(endWords("the client is silent"), /too long/);
  assert.equal(endWords("E_42_xyz"), "The session is over.");
  assert.equal(endWords(null), "The session is over.");
});

test("a session that ran was lost, one that never ran could not be opened", () => {
  const error = { code: "CONNECTION_LOST", ...RAW };
  assert.equal(overTitle(connection({ error, streamed_ms: 720_000 })), "Connection lost after 12 min");
  assert.equal(overTitle(connection({ error: { code: "SESSION_HOST_OFFLINE", ...RAW } })), "render-3 is offline");
  assert.equal(overTitle(connection({ phase: "ended" })), "Session ended");
  assert.equal(comesBack(connection({ error, streamed_ms: 1 }), 0), true);
  assert.equal(comesBack(connection({ error }), 0), false);
  assert.equal(comesBack(connection({ phase: "ended", streamed_ms: 1 }), 1), false);
  assert.equal(comesBack(connection({ error }), 2), true, "the host was not back yet at the last try");
  assert.equal(comesBack(connection({ error: { code: "HOST_UNKNOWN", ...RAW }, streamed_ms: 9 }), 1), false);
  assert.equal(spoken(45_000), "45 s");
  assert.equal(spoken(7_500_000), "2 h 5 min");
});

const mean = { capture: 2, convert: 1, encode: 4, packetise: 1, network: 8, decode: 3, show: 6 };
const figures = (more: Partial<Figures>): Figures => ({
  type: "figures", path: "DIRECT", endpoint: "", fps_received: 30, fps_shown: 30, bits_per_second: 1, loss: 0,
  loss_now: 0, repaired: 0, round_trip_ms: 1, duration_ms: 1, total_p50_ms: 1, total_p95_ms: 1, mean_ms: mean, ...more,
});

test("the parts of a picture's way add up to the whole", () => {
  assert.deepEqual(parts(figures({})), { host: 8, network: 8, here: 9, total: 25 });
  assert.equal(parts(figures({ mean_ms: null })), null);
});

test("quality is a word with its reason", () => {
  assert.deepEqual(quality(figures({})), { grade: "Great", reason: "" });
  assert.deepEqual(quality(figures({ loss_now: 0.05 })), { grade: "Poor", reason: "your network loses packets" });
  assert.deepEqual(quality(figures({ mean_ms: { ...mean, network: 200 } })), { grade: "Poor", reason: "your network" });
  assert.deepEqual(quality(figures({ mean_ms: { ...mean, encode: 60 } })), { grade: "Good", reason: "the host is busy" });
  assert.equal(quality(figures({ mean_ms: null })), null);
});

test("a screen at rest is still, not slow", () => {
  assert.equal(rate(figures({ fps_received: 0, fps_shown: 0 })), "Screen is still");
  assert.equal(rate(figures({ fps_shown: 29.6 })), "30 /s");
});
