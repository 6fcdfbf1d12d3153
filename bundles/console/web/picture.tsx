/** What a stream's page holds while it is open: player, cursor, input. Each hook gives back what it took. */
import { useEffect, useRef, type RefObject } from "react";
import { Capture } from "./capture.ts";
import { cssCursor, draw } from "./cursor.ts";
import { fitted, type Chord } from "./keymap.ts";
import type { CursorShape } from "./model.ts";
import { Player } from "./player.ts";
import { store } from "./store.ts";

export interface Parts {
  stage: RefObject<HTMLDivElement | null>;
  video: RefObject<HTMLVideoElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  cursor: RefObject<HTMLCanvasElement | null>;
  writing: RefObject<HTMLTextAreaElement | null>;
  /** Size of the picture in its own pixels. */
  picture: RefObject<{ width: number; height: number }>;
  /** Called when that has changed. */
  sized: RefObject<(() => void) | null>;
}

export function useParts(width: number, height: number): Parts {
  return {
    stage: useRef<HTMLDivElement>(null),
    video: useRef<HTMLVideoElement>(null),
    canvas: useRef<HTMLCanvasElement>(null),
    cursor: useRef<HTMLCanvasElement>(null),
    writing: useRef<HTMLTextAreaElement>(null),
    picture: useRef({ width: width || 16, height: height || 9 }),
    sized: useRef<(() => void) | null>(null),
  };
}

/** @param problem hears why no picture can be shown, and null as soon as one is */
export function usePlayer(parts: Parts, problem: (why: string | null) => void): void {
  const { video, canvas, picture, sized } = parts;
  useEffect(() => {
    if (!Player.supported()) {
      problem("no WebCodecs");
      return;
    }
    const shown: [number, number, number][] = [];
    const player = new Player(video.current!, canvas.current!, {
      askKeyFrame: () => store.send({ type: "key_frame" }),
      shown: (sequence, decode, show) => {
        shown.push([sequence, decode, show]);
        problem(null);
      },
      size: (width, height) => {
        picture.current = { width, height };
        sized.current?.();
      },
      undecodable: () => store.send({ type: "undecodable" }),
      failed: problem,
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
  }, [video, canvas, picture, sized, problem]);
}

/** The host's pointer is drawn only where ours is not: while it is locked, or a finger moves it. */
export function useCursor({ stage, cursor, picture, sized }: Parts): void {
  useEffect(() => {
    let styled: { shape: CursorShape; scale: number } | null = null;
    const show = () => {
      const mark = cursor.current;
      const area = stage.current;
      const pointer = store.pointer.shown;
      if (mark === null || area === null || pointer === null) return;
      const { at, shape } = pointer;
      const box = fitted(area.getBoundingClientRect(), picture.current);
      const scale = box.width / picture.current.width;
      if (styled?.shape !== shape || styled.scale !== scale) {
        draw(mark, shape);
        area.style.cursor = cssCursor(shape, scale);
        styled = { shape, scale };
      }
      mark.hidden = document.pointerLockElement !== area && !area.dataset["touched"];
      mark.style.width = `${shape.width * scale}px`;
      mark.style.transform = `translate(${box.left + (at.x - shape.hot_x) * scale}px, ${
        box.top + (at.y - shape.hot_y) * scale
      }px)`;
    };
    store.onPointer = show;
    sized.current = show;
    show();
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
      store.onPointer = null;
      sized.current = null;
      window.removeEventListener("resize", show);
      document.removeEventListener("pointerlockchange", show);
      window.removeEventListener("pointerdown", touched, true);
    };
  }, [stage, cursor, picture, sized]);
}

/** @param listens whether the host can hear us: what is done meanwhile is dropped */
export function useCapture(parts: Parts, listens: boolean, onChord: (chord: Exclude<Chord, null>) => void): void {
  const { stage, writing, picture } = parts;
  const capture = useRef<Capture | null>(null);
  useEffect(() => {
    const made = new Capture(stage.current!, writing.current!, {
      input: (events) => store.send({ type: "input", events }),
      held: () => store.send({ type: "held" }),
      picture: () => picture.current,
      chord: onChord,
    });
    capture.current = made;
    stage.current!.focus();
    return () => {
      capture.current = null;
      made.close();
    };
  }, [stage, writing, picture, onChord]);
  useEffect(() => {
    capture.current?.enable(listens);
    if (document.activeElement === document.body) stage.current?.focus();
  }, [listens, stage]);
}

/** Chromium only: elsewhere the system keeps its own keys. */
interface KeyboardLock {
  lock?(): Promise<void>;
  unlock?(): void;
}
const keyboard = (): KeyboardLock | undefined => (navigator as { keyboard?: KeyboardLock }).keyboard;

export async function toggleFullscreen(): Promise<void> {
  if (document.fullscreenElement !== null) {
    await document.exitFullscreen();
    return;
  }
  await document.documentElement.requestFullscreen();
}

function letGo(): void {
  if (document.pointerLockElement !== null) document.exitPointerLock();
}

/**
 * The pointer is kept, and in full screen the system's keys, while the host hears them: else nobody would get them. Full screen is the
 * stream's alone.
 */
export function useLocks(listens: boolean): void {
  useEffect(() => {
    const follow = () => {
      if (listens && document.fullscreenElement !== null) {
        void keyboard()?.lock?.().catch(() => undefined); // refused where the browser has none of it
      } else keyboard()?.unlock?.();
    };
    follow();
    document.addEventListener("fullscreenchange", follow);
    return () => {
      document.removeEventListener("fullscreenchange", follow);
      keyboard()?.unlock?.();
    };
  }, [listens]);
  useEffect(() => {
    if (listens) return;
    document.exitPointerLock();
    document.addEventListener("pointerlockchange", letGo); // it may be asked for at any time
    return () => document.removeEventListener("pointerlockchange", letGo);
  }, [listens]);
  useEffect(() => {
    return () => {
      document.exitPointerLock();
      if (document.fullscreenElement !== null) void document.exitFullscreen();
    };
  }, []);
}
