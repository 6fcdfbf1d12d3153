import { useCallback, useEffect, useRef, useState } from "react";
import { Capture } from "./capture.ts";
import { bitrate, duration, millis, percent } from "./format.ts";
import { cssCursor, draw } from "./cursor.ts";
import { fitted } from "./keymap.ts";
import type { Connection, CursorMoved, CursorShape, Figures, StageFigures } from "./model.ts";
import { Player } from "./player.ts";
import { store } from "./store.ts";
import { Button, FailureBox, Spinner } from "./ui.tsx";

const STAGES: [keyof StageFigures, string][] = [
  ["capture", "Capture"],
  ["convert", "Convert"],
  ["encode", "Encode"],
  ["packetise", "Packetise"],
  ["network", "Network"],
  ["decode", "Decode"],
  ["show", "Show"],
];

const HIDE_AFTER_MS = 3000;

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="grid">
      <dt className="text-[0.6875rem] text-ink-soft">{name}</dt>
      <dd className="figures text-sm font-semibold whitespace-nowrap">{value}</dd>
    </div>
  );
}

/** Where the time goes, stage by stage: a bar for the eye, a table for everyone. */
function Stages({ figures }: { figures: Figures }) {
  const longest = Math.max(1, ...STAGES.map(([key]) => figures.stages_p50_ms[key]));
  return (
    <table className="w-full text-sm" aria-label="Latency by stage, median">
      <tbody>
        {STAGES.map(([key, name]) => (
          <tr key={key}>
            <th scope="row" className="pr-3 text-left font-normal text-ink-soft">
              {name}
            </th>
            <td className="w-full">
              <progress className="bar" aria-label={name} max={longest} value={figures.stages_p50_ms[key]} />
            </td>
            <td className="figures pl-3 text-right whitespace-nowrap">{millis(figures.stages_p50_ms[key])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Stream({ connection, figures }: { connection: Connection; figures: Figures | null }) {
  const stage = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLCanvasElement>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const writing = useRef<HTMLTextAreaElement>(null);
  const capture = useRef<Capture | null>(null);
  const picture = useRef({ width: connection.width || 16, height: connection.height || 9 });
  const [hidden, setHidden] = useState(false);
  const [details, setDetails] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const disconnect = useCallback(() => void store.post("/api/disconnect"), []);

  const toggleFullscreen = useCallback(async () => {
    if (document.fullscreenElement !== null) {
      await document.exitFullscreen();
      return;
    }
    await document.documentElement.requestFullscreen();
    const keyboard = (navigator as { keyboard?: { lock?(): Promise<void> } }).keyboard;
    await keyboard?.lock?.().catch(() => undefined); // Chromium only: elsewhere the system keeps its own keys
    stage.current?.focus();
  }, []);

  useEffect(() => {
    if (!Player.supported()) {
      setProblem("This browser has no WebCodecs. Use a current Chromium, Chrome or Edge.");
      return;
    }
    const shown: [number, number, number][] = [];
    const player = new Player(video.current!, canvas.current!, {
      askKeyFrame: () => store.send({ type: "key_frame" }),
      shown: (sequence, decode, show) => shown.push([sequence, decode, show]),
      size: (width, height) => {
        picture.current = { width, height };
      },
      undecodable: () => store.send({ type: "undecodable" }),
      failed: setProblem,
    });
    store.onUnit = (unit) => player.push(unit);
    store.send({ type: "key_frame" });
    const report = setInterval(() => {
      if (shown.length > 0) store.send({ type: "shown", frames: shown.splice(0) });
    }, 250);
    return () => {
      clearInterval(report);
      store.onUnit = null;
      player.close();
    };
  }, []);

  useEffect(() => {
    const shapes = new Map<number, CursorShape>();
    let last: CursorMoved | null = null;
    let styled = "";
    /** The host's pointer is drawn only where ours is not: while it is locked, or a finger moves it. */
    const show = () => {
      const mark = cursor.current;
      const area = stage.current;
      if (mark === null || area === null || last === null) return;
      const shape = shapes.get(last.shape);
      if (shape === undefined) return;
      const box = fitted(area.getBoundingClientRect(), picture.current);
      const scale = box.width / picture.current.width;
      const style = `${shape.serial} ${scale}`;
      if (styled !== style) {
        draw(mark, shape);
        area.style.cursor = cssCursor(shape, scale);
        styled = style;
      }
      mark.hidden = document.pointerLockElement !== area && !area.dataset["touched"];
      mark.style.width = `${shape.width * scale}px`;
      mark.style.transform = `translate(${box.left + (last.x - shape.hot_x) * scale}px, ${
        box.top + (last.y - shape.hot_y) * scale
      }px)`;
    };
    store.onCursor = (message) => {
      if (message.type === "cursor_shape") {
        shapes.delete(message.serial);
        shapes.set(message.serial, message);
        if (shapes.size > 64) shapes.delete(shapes.keys().next().value!);
      } else last = message;
      show();
    };
    const touched = (e: PointerEvent) => {
      if (stage.current === null) return;
      if (e.pointerType === "touch") stage.current.dataset["touched"] = "1";
      else delete stage.current.dataset["touched"];
      show();
    };
    window.addEventListener("resize", show);
    document.addEventListener("pointerlockchange", show);
    window.addEventListener("pointerdown", touched, true);
    return () => {
      store.onCursor = null;
      window.removeEventListener("resize", show);
      document.removeEventListener("pointerlockchange", show);
      window.removeEventListener("pointerdown", touched, true);
    };
  }, []);

  useEffect(() => {
    const made = new Capture(stage.current!, writing.current!, {
      input: (events) => store.send({ type: "input", events }),
      held: () => store.send({ type: "held" }),
      picture: () => picture.current,
      chord: (chord) => {
        switch (chord) {
          case "disconnect":
            disconnect();
            break;
          case "fullscreen":
            void toggleFullscreen();
            break;
          case "figures":
            setDetails((d) => !d);
            setHidden(false);
            break;
          case "release":
            document.exitPointerLock();
            setHidden(false);
            toolbar.current?.querySelector("button")?.focus();
            break;
          case "pointer":
            if (document.pointerLockElement === null) void stage.current?.requestPointerLock();
            else document.exitPointerLock();
            break;
        }
      },
    });
    capture.current = made;
    stage.current!.focus();
    return () => {
      capture.current = null;
      made.close();
    };
  }, [disconnect, toggleFullscreen]);

  useEffect(() => {
    capture.current?.enable(connection.phase === "streaming");
    if (document.activeElement === document.body) stage.current?.focus();
  }, [connection.phase]);

  useEffect(() => {
    let timer = setTimeout(() => setHidden(true), HIDE_AFTER_MS);
    const onMove = (e: PointerEvent) => {
      if (e.clientY > 90) return;
      setHidden(false);
      clearTimeout(timer);
      timer = setTimeout(() => setHidden(true), HIDE_AFTER_MS);
    };
    window.addEventListener("pointermove", onMove);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pointermove", onMove);
    };
  }, []);

  return (
    <main className="fixed inset-0 bg-black">
      <h1 className="sr-only">Screen of {connection.host_name}</h1>
      <div
        ref={stage}
        tabIndex={0}
        role="application"
        aria-label={`Screen of ${connection.host_name}. Keys go to the host. Control Alt Shift Z leaves the picture.`}
        className={`absolute inset-0 touch-none outline-none focus-visible:outline-none ${
          connection.phase === "interrupted" ? "opacity-40" : ""
        }`}
      >
        <video ref={video} muted playsInline className="size-full object-contain" data-view="video" />
        <canvas ref={canvas} hidden className="size-full object-contain" data-view="canvas" />
        <textarea
          ref={writing}
          defaultValue={"\u200b"}
          tabIndex={-1}
          aria-label="Text for the host"
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          className="pointer-events-none absolute bottom-0 left-0 size-px resize-none opacity-0"
        />
        <canvas ref={cursor} hidden aria-hidden="true" className="pointer-events-none fixed top-0 left-0" />
      </div>
      <div
        ref={toolbar}
        role="toolbar"
        aria-label="Stream"
        data-hidden={hidden && problem === null && !details}
        className="stream-bar fixed inset-x-0 top-3 mx-auto grid w-max max-w-[calc(100vw-1.5rem)] gap-3 rounded-2xl border border-line bg-panel px-4 py-2.5 text-ink shadow-2xl"
      >
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <span className="max-w-40 truncate text-sm font-bold">{connection.host_name}</span>
          {figures === null ? (
            <span role="status" className="flex items-center gap-2 text-sm text-ink-soft">
              <Spinner /> Measuring…
            </span>
          ) : (
            <dl className="flex flex-wrap gap-x-5 gap-y-1" data-figures>
              <Figure name="Path" value={figures.path === "DIRECT" ? "Direct" : "Relay"} />
              <Figure name="Latency" value={millis(figures.total_p50_ms)} />
              <Figure name="Frames" value={`${Math.round(figures.fps_shown)} /s`} />
              <Figure name="Bit rate" value={bitrate(figures.bits_per_second)} />
              <Figure name="Loss" value={percent(figures.loss)} />
              <Figure name="Time" value={duration(figures.duration_ms)} />
            </dl>
          )}
          <div className="flex gap-2">
            <Button
              className="min-h-8 px-3"
              aria-expanded={details}
              aria-keyshortcuts="Control+Alt+Shift+S"
              onClick={() => setDetails((d) => !d)}
            >
              Stages
            </Button>
            <Button
              className="min-h-8 px-3"
              aria-keyshortcuts="Control+Alt+Shift+X"
              onClick={() => void toggleFullscreen()}
            >
              Full screen
            </Button>
            <Button
              kind="danger"
              className="min-h-8 px-3"
              aria-keyshortcuts="Control+Alt+Shift+Q"
              title="Ctrl+Alt+Shift+Q"
              onClick={disconnect}
            >
              Disconnect
            </Button>
          </div>
        </div>
        {details && figures !== null && (
          <div className="grid gap-3 border-t border-line pt-3 sm:min-w-md">
            <Stages figures={figures} />
            <p className="figures text-xs text-ink-soft">
              p95 {millis(figures.total_p95_ms)} · round trip {millis(figures.round_trip_ms)} · {figures.endpoint} ·{" "}
              {connection.codec} {connection.width}×{connection.height}
              {connection.encoder !== null && ` · ${connection.encoder}`}
            </p>
            <p className="text-xs text-ink-soft">
              Ctrl+Alt+Shift and Q disconnect · Z leave the picture · X full screen · M lock the pointer · S stages
            </p>
          </div>
        )}
      </div>
      {connection.phase === "interrupted" && (
        <p
          role="status"
          className="pointer-events-none fixed top-1/2 left-1/2 flex -translate-1/2 items-center gap-3 rounded-2xl border border-line bg-panel px-5 py-4"
        >
          <Spinner /> Reconnecting… {connection.host_name} does not answer
        </p>
      )}
      {connection.phase === "streaming" && connection.trouble != null && (
        <p
          role="status"
          className="pointer-events-none fixed top-1/2 left-1/2 w-[min(32rem,calc(100vw-2rem))] -translate-1/2 rounded-2xl border border-line bg-panel px-5 py-4 break-words"
        >
          {connection.trouble.sentence}
        </p>
      )}
      {problem !== null && (
        <div className="fixed bottom-6 left-1/2 w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2">
          <FailureBox
            failure={{
              code: "PICTURE_FAILED",
              message: "The picture can't be shown.",
              advice: problem,
            }}
          />
        </div>
      )}
    </main>
  );
}
