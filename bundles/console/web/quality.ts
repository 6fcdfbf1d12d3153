/** How good a stream feels, in words, from its figures. Pure functions. */
import type { Figures, StageFigures } from "./model.ts";

export type Grade = "Great" | "Good" | "Poor";

export interface Parts {
  host: number;
  network: number;
  here: number;
  total: number;
}

/** The way of one picture in three parts that add up to the whole; null while nothing is measured. */
export function parts(figures: Figures): Parts | null {
  const m = figures.mean_ms;
  if (m === null) return null;
  const host = m.capture + m.convert + m.encode + m.packetise;
  const here = m.decode + m.show;
  return { host, network: m.network, here, total: host + m.network + here };
}

export const STAGES: [keyof StageFigures, string][] = [
  ["capture", "Capture"],
  ["convert", "Convert"],
  ["encode", "Encode"],
  ["packetise", "Packetise"],
  ["network", "Network"],
  ["decode", "Decode"],
  ["show", "Show"],
];

export function quality(figures: Figures): { grade: Grade; reason: string } | null {
  const p = parts(figures);
  if (p === null) return null;
  const loss = figures.loss_now;
  const grade: Grade = p.total > 120 || loss > 0.03 ? "Poor" : p.total > 50 || loss > 0.005 ? "Good" : "Great";
  if (grade === "Great") return { grade, reason: "" };
  if (loss > 0.005) return { grade, reason: "your network loses packets" };
  const largest = Math.max(p.host, p.network, p.here);
  return {
    grade,
    reason: largest === p.network ? "your network" : largest === p.host ? "the host is busy" : "this computer is busy",
  };
}

/** A screen at rest sends nothing: that is no bad rate. */
export function rate(figures: Figures): string {
  return figures.fps_received < 1 && figures.fps_shown < 1 ? "Screen is still" : `${Math.round(figures.fps_shown)} /s`;
}
