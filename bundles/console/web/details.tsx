import { useEffect, useRef, useState } from "react";
import { bitrate, duration, millis, percent } from "./format.ts";
import type { Connection, Figures } from "./model.ts";
import { parts, quality, rate, STAGES, type Parts } from "./quality.ts";
import { Button } from "./ui.tsx";

const SECONDS = 60;

interface Sample {
  at: number;
  latency: number;
  bits: number;
  loss: number;
}

const SHARES: [keyof Omit<Parts, "total">, string][] = [
  ["host", "Host"],
  ["network", "Network"],
  ["here", "This computer"],
];

/** One bar for a picture's whole way; its parts are those of the table, and add up. */
function Way({ way }: { way: Parts }) {
  const total = Math.max(way.total, 0.001);
  let left = 0;
  const bars = SHARES.map(([key]) => {
    const width = (Math.max(0, way[key]) / total) * 100;
    const bar = { key, x: left, width };
    left += width;
    return bar;
  });
  const colours = { host: "var(--accent)", network: "var(--busy)", here: "var(--good)" };
  return (
    <div className="grid gap-2">
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" className="h-2.5 w-full rounded-full" aria-hidden="true">
        {bars.map((bar) => (
          <rect key={bar.key} x={bar.x} y="0" width={bar.width} height="4" fill={colours[bar.key]} />
        ))}
      </svg>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {SHARES.map(([key, name]) => (
          <li key={key} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2.5 rounded-sm part-${key}`} />
            {name} <span className="figures font-semibold">{millis(way[key])}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The same as a table, stage by stage, with the sum. */
function Stages({ figures, way }: { figures: Figures; way: Parts }) {
  const mean = figures.mean_ms;
  if (mean === null) return null;
  return (
    <table className="w-full text-sm" aria-label="Time of a picture by stage, mean">
      <tbody>
        {STAGES.map(([key, name]) => (
          <tr key={key}>
            <th scope="row" className="py-0.5 text-left font-normal text-ink-soft">
              {name}
            </th>
            <td className="figures text-right">{millis(mean[key])}</td>
          </tr>
        ))}
        <tr className="border-t border-line font-semibold">
          <th scope="row" className="py-1 text-left font-semibold">
            Screen to screen
          </th>
          <td className="figures text-right">{millis(way.total)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Plot({ name, now, values }: { name: string; now: string; values: number[] }) {
  const most = Math.max(...values, 1e-9);
  const points = values.map((v, i) => `${((SECONDS * 2 - values.length + i) / (SECONDS * 2 - 1)) * 100},${20 - (v / most) * 19}`);
  return (
    <figure className="grid gap-1">
      <figcaption className="flex justify-between text-xs">
        <span className="text-ink-soft">{name}, last minute</span>
        <span className="figures">{now}</span>
      </figcaption>
      <svg viewBox="0 0 100 20" preserveAspectRatio="none" className="h-8 w-full rounded bg-panel-high" aria-hidden="true">
        <polyline
          points={points.join(" ")}
          fill="none"
          stroke="var(--accent)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </figure>
  );
}

function useHistory(figures: Figures | null): Sample[] {
  const samples = useRef<Sample[]>([]);
  const seen = useRef<Figures | null>(null);
  if (figures !== null && figures !== seen.current) {
    seen.current = figures;
    samples.current = [
      ...samples.current.slice(1 - SECONDS * 2),
      {
        at: figures.duration_ms,
        latency: parts(figures)?.total ?? 0,
        bits: figures.bits_per_second,
        loss: figures.loss_now,
      },
    ];
  }
  return samples.current;
}

/** Everything that is known of the stream, beside the picture. */
export function Drawer({
  connection,
  figures,
  onClose,
}: {
  connection: Connection;
  figures: Figures | null;
  onClose(): void;
}) {
  const samples = useHistory(figures);
  const [copied, setCopied] = useState(false);
  const way = figures === null ? null : parts(figures);
  const grade = figures === null ? null : quality(figures);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    const text = JSON.stringify({ connection, figures, browser: navigator.userAgent }, null, 2);
    void navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  };
  return (
    <aside
      aria-label="Stream details"
      tabIndex={0}
      className="fixed top-20 right-3 bottom-3 grid w-[min(22rem,calc(100vw-1.5rem))] content-start gap-5 overflow-y-auto rounded-2xl border border-line bg-panel p-5 text-ink shadow-2xl"
    >
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-base font-bold">
          {grade === null ? "Measuring…" : grade.grade}
          {grade !== null && grade.reason !== "" && (
            <span className="block text-sm font-normal text-ink-soft">Because of: {grade.reason}</span>
          )}
        </h2>
        <Button className="min-h-8 px-3" onClick={onClose}>
          Close
        </Button>
      </div>
      {way !== null && <Way way={way} />}
      {figures !== null && way !== null && <Stages figures={figures} way={way} />}
      {figures !== null && (
        <>
          <Plot name="Latency" now={millis(way?.total ?? -1)} values={samples.map((s) => s.latency)} />
          <Plot name="Bit rate" now={bitrate(figures.bits_per_second)} values={samples.map((s) => s.bits)} />
          <Plot name="Loss" now={percent(figures.loss_now)} values={samples.map((s) => s.loss)} />
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
            {(
              [
                ["Pictures", rate(figures)],
                ["Round trip", millis(figures.round_trip_ms)],
                ["Slowest 5 %", millis(figures.total_p95_ms)],
                ["Path", `${figures.path === "DIRECT" ? "Direct" : "Relay"}, ${figures.endpoint}`],
                ["Picture", `${connection.width}×${connection.height}, ${connection.codec}`],
                ["Source", connection.capture ?? "–"],
                ["Encoder", connection.encoder ?? "–"],
                ["Running", duration(figures.duration_ms)],
              ] as const
            ).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-soft">{name}</dt>
                <dd className="figures text-right">{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <p className="text-xs text-ink-soft">
        Ctrl+Alt+Shift and Q leave · Z free your keyboard · X full screen · M lock the pointer · S details
      </p>
      <Button className="min-h-8 px-3" onClick={copy}>
        {copied ? "Copied" : "Copy diagnostics"}
      </Button>
    </aside>
  );
}
