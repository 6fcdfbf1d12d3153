/**
 * Shows a stream of access units: WebCodecs decodes, a MediaStreamTrackGenerator feeds a <video>, or, where there is
 * none, a canvas is drawn. Owns decoder and track; `close` gives both back.
 */
import { formatOf } from "./codecs.ts";
import { QueuePolicy } from "./queue.ts";
import type { Unit } from "./wire.ts";

/** Not yet in TypeScript's DOM types: W3C mediacapture-transform, shipped by Chromium for windows. */
interface TrackGenerator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}
type TrackGeneratorConstructor = new (init: { kind: "video" }) => TrackGenerator;

export interface PlayerHooks {
  askKeyFrame(): void;
  /** A picture went on screen: how long after its arrival it was decoded, and how long after that it was shown (ms). */
  shown(sequence: number, decodeMs: number, showMs: number): void;
  size(width: number, height: number): void;
  /** A unit that arrived could not be decoded. */
  undecodable(): void;
  failed(message: string): void;
}

interface Pending {
  sequence: number;
  arrived: number;
}

export class Player {
  private readonly policy = new QueuePolicy();
  private readonly pending = new Map<number, Pending>();
  private decoder: VideoDecoder | null = null;
  private writer: WritableStreamDefaultWriter<VideoFrame> | null = null;
  private codec = "";
  private software = false;
  private writing = 0;
  private closed = false;
  private stamp = 0;
  private newest: { sequence: number; decodeMs: number; at: number } | null = null;
  private readonly context: CanvasRenderingContext2D | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly hooks: PlayerHooks,
  ) {
    const generator = (globalThis as { MediaStreamTrackGenerator?: TrackGeneratorConstructor })
      .MediaStreamTrackGenerator;
    if (generator) {
      const track = new generator({ kind: "video" });
      this.writer = track.writable.getWriter();
      video.srcObject = new MediaStream([track]);
      video.hidden = false;
      canvas.hidden = true;
      void video.play().catch(() => undefined); // muted: refused only when the page is going away
      this.watch();
    } else {
      video.hidden = true;
      canvas.hidden = false;
      this.context = canvas.getContext("2d", { alpha: false, desynchronized: true });
    }
  }

  static supported(): boolean {
    return typeof VideoDecoder !== "undefined";
  }

  push(unit: Unit): void {
    if (this.closed) return;
    const verdict = this.policy.arrived(unit, this.decoder?.decodeQueueSize ?? 0, performance.now());
    if (verdict === "drop-and-ask") this.hooks.askKeyFrame();
    if (verdict !== "decode") return;
    if (unit.key && !this.prepare(unit)) return;
    this.stamp = Math.max(this.stamp + 1, Math.round(performance.now() * 1000));
    this.pending.set(this.stamp, { sequence: unit.sequence, arrived: performance.now() });
    try {
      this.decoder?.decode(
        new EncodedVideoChunk({ type: unit.key ? "key" : "delta", timestamp: this.stamp, data: unit.data }),
      );
    } catch (e) {
      this.broken(e);
    }
  }

  close(): void {
    this.closed = true;
    this.discardDecoder();
    void this.writer?.close().catch(() => undefined); // already closed with its track
    this.writer = null;
    this.video.srcObject = null;
  }

  /** Makes the decoder fit the stream; reconfigures when its codec or its parameters changed. */
  private prepare(unit: Unit): boolean {
    const format = formatOf(unit.codec);
    const codec = format === undefined ? null : format.codecString(unit.data);
    if (codec === null) {
      this.policy.failed();
      this.hooks.undecodable();
      if (format === undefined) this.hooks.failed(`This page has no player for ${unit.codec}.`);
      return false;
    }
    if (this.decoder !== null && codec === this.codec) return true;
    this.discardDecoder();
    if (codec !== this.codec) this.software = false; // what failed was another stream
    this.codec = codec;
    const decoder = new VideoDecoder({ output: (frame) => this.show(frame), error: (e) => this.broken(e) });
    decoder.configure({
      codec,
      optimizeForLatency: true,
      hardwareAcceleration: this.software ? "prefer-software" : "no-preference",
    });
    this.decoder = decoder;
    return true;
  }

  private show(frame: VideoFrame): void {
    const pending = this.pending.get(frame.timestamp);
    const now = performance.now();
    for (const stamp of this.pending.keys()) if (stamp <= frame.timestamp) this.pending.delete(stamp);
    if (this.canvas.width !== frame.displayWidth || this.canvas.height !== frame.displayHeight) {
      this.canvas.width = frame.displayWidth;
      this.canvas.height = frame.displayHeight;
      this.hooks.size(frame.displayWidth, frame.displayHeight);
    }
    const decodeMs = pending ? now - pending.arrived : 0;
    const sequence = pending?.sequence ?? 0;
    if (this.writer !== null) {
      if (this.writing >= 3) {
        frame.close(); // the compositor is behind: a later picture is better than a late one
        return;
      }
      this.writing++;
      this.newest = { sequence, decodeMs, at: now };
      this.writer
        .write(frame)
        .catch((e: unknown) => this.broken(e))
        .finally(() => this.writing--);
    } else {
      this.context?.drawImage(frame, 0, 0);
      frame.close();
      this.hooks.shown(sequence, decodeMs, performance.now() - now);
    }
  }

  /** Follows what the compositor really shows. */
  private watch(): void {
    this.video.requestVideoFrameCallback((now, metadata) => {
      if (this.closed) return;
      if (this.newest !== null) {
        const shown = Math.max(now, metadata.presentationTime);
        this.hooks.shown(this.newest.sequence, this.newest.decodeMs, Math.max(0, shown - this.newest.at));
        this.newest = null;
      }
      this.watch();
    });
  }

  private broken(error: unknown): void {
    if (this.closed) return;
    this.discardDecoder();
    this.policy.failed();
    this.hooks.undecodable();
    if (this.software) this.hooks.failed(error instanceof Error ? error.message : String(error));
    this.software = true;
    this.hooks.askKeyFrame();
  }

  private discardDecoder(): void {
    if (this.decoder !== null && this.decoder.state !== "closed") this.decoder.close();
    this.decoder = null;
    this.pending.clear();
  }
}
