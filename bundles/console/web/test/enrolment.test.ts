import test from "node:test";
import assert from "node:assert/strict";
import { enrolCommand, goodFor, withoutHost } from "../enrolment.ts";
import type { State } from "../model.ts";

const member = (org_id: string) => ({ org_id, org_name: org_id, admin: true });
const state = (hosts: string[], user: State["user"]) => ({ hosts: hosts.map((org_id) => ({ org_id })), user }) as State;

test("an organisation has no host when none of the hosts is its own, whatever it is called", () => {
  const user = { name: "", email: "", memberships: [member("a"), member("b")] };
  assert.deepEqual(withoutHost(state(["a"], user)).map((m) => m.org_id), ["b"]);
  assert.equal(withoutHost(state([], user)).length, 2);
  assert.equal(withoutHost(state(["b", "a"], user)).length, 0);
  assert.equal(withoutHost(state([], null)).length, 0);
});

test("nothing but an id gets into the command", () => {
  assert.match(enrolCommand("01999999-0000-7000-8000-0000000000f0"), /\\"01999999-0000-7000-8000-0000000000f0\\"/);
  assert.equal(enrolCommand(`'";$(reboot)0f`).includes("reboot"), false);
});

test("how long a token is good for is said in hours and by the clock", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  assert.match(goodFor("2026-11-30T12:00:00Z", now), /^24 h \(until \d\d? \w+ 2026, \d\d:\d\d\)$/);
  assert.match(goodFor("2026-11-29T12:30:00Z", now), /^30 min \(/);
});
