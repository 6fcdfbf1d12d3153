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
