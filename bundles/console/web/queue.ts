/**
 * When to decode, when to drop. A decoder that falls behind never catches up with delta frames: everything is dropped
 * until the next key frame, which is asked for at most once in a while. Time is handed in.
 */
export type Verdict = "decode" | "drop" | "drop-and-ask";

export class QueuePolicy {
  private needKey = true;
  private askedAt = Number.NEGATIVE_INFINITY;
  private nextSequence: number | null = null;

  constructor(
    private readonly maxQueued = 4,
    private readonly askEveryMs = 250,
  ) {}

  /** What to do with a unit that arrived at `now` (ms) while `queued` units wait in the decoder. */
  arrived(unit: { key: boolean; sequence: number }, queued: number, now: number): Verdict {
    if (unit.key && queued <= this.maxQueued * 2) {
      this.needKey = false;
      this.nextSequence = unit.sequence + 1;
      return "decode";
    }
    if (!this.needKey && queued > this.maxQueued) this.needKey = true;
    if (this.needKey || unit.key) return this.ask(now);
    this.nextSequence = unit.sequence + 1;
    return "decode";
  }

  /** The decoder failed or was rebuilt: only a key frame helps. */
  failed(): void {
    this.needKey = true;
  }

  /** The sequence that would follow without a gap; null before the first key frame. */
  expected(): number | null {
    return this.nextSequence;
  }

  private ask(now: number): Verdict {
    if (now - this.askedAt < this.askEveryMs) return "drop";
    this.askedAt = now;
    return "drop-and-ask";
  }
}
