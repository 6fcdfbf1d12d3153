import test from "node:test";
import assert from "node:assert/strict";
import { capabilities, formatOf, type CodecFormat } from "../codecs.ts";

test("an H.264 stream is named by its parameter set", () => {
  const h264 = formatOf("h264");
  assert.ok(h264);
  const key = new Uint8Array([0, 0, 0, 1, 9, 16, 0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 1, 2]);
  assert.equal(h264.codecString(key), "avc1.42C01F");
  assert.equal(h264.codecString(new Uint8Array([0, 0, 1, 0x65, 1, 2, 3, 4])), null);
});

test("an AV1 stream is named by its sequence header", () => {
  const av1 = formatOf("av1");
  assert.ok(av1);
  const name = (hex: string) => av1.codecString(Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
  // Streams of libaom, SVT-AV1 and rav1e, named as ffprobe reads them.
  assert.equal(name("12000a0b0000000cc4ff6736be4010"), "av01.0.01M.08");
  assert.equal(name("12000a0b00000042a67fd9e7dfc802"), "av01.0.08M.08");
  assert.equal(name("12000a0e000000fa1e7fde210a88101010a0"), "av01.0.31M.08");
  assert.equal(name("12000a0b0000004aabbfc3732be501"), "av01.0.09M.10");
  assert.equal(name("12000a0a2000000337ffe6d7c810"), "av01.1.00M.08");
  assert.equal(name("1200320210ff"), null, "no sequence header");
  assert.equal(name("12000aff"), null, "a size without an end");
  assert.equal(name(""), null);
});

test("a codec that the page has no format for is none", () => {
  assert.equal(formatOf("vvc"), undefined);
});

const made = (name: string): CodecFormat => ({
  name,
  codecString: () => name,
  probes: [
    { codec: `${name}.big`, width: 4000, height: 3000 },
    { codec: `${name}.small`, width: 400, height: 300 },
  ],
});

test("what the browser decodes is told by codec, size and device", async () => {
  const asked: string[] = [];
  const found = await capabilities(
    (config) => {
      asked.push(`${config.codec} ${config.codedWidth}x${config.codedHeight} ${config.hardwareAcceleration}`);
      const soft = config.hardwareAcceleration !== "prefer-hardware";
      return Promise.resolve(
        config.codec === "one.small" ? soft : config.codec === "two.big" || config.codec === "two.small",
      );
    },
    [made("one"), made("two"), made("three")],
  );
  assert.deepEqual(found, [
    { codec: "one", width: 400, height: 300, hardware: false },
    { codec: "two", width: 4000, height: 3000, hardware: true },
  ]);
  assert.equal(asked[0], "one.big 4000x3000 no-preference");
});
