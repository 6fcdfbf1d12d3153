/** What the client runtime tells the page. Mirrors the JSON that its loopback server sends. */

export type HostState = "ONLINE" | "OFFLINE" | "BUSY" | "MAINTENANCE" | "UNKNOWN";

export interface Host {
  id: string;
  name: string;
  org_id: string;
  org: string;
  status: HostState;
  gpu_name: string | null;
  gpu_usage: number | null;
  cpu_usage: number | null;
  memory_used_mb: number | null;
  memory_total_mb: number | null;
  active_sessions: number;
  os: string | null;
  last_seen: string | null;
}

export interface Failure {
  code: string;
  message: string;
  advice: string;
}

export type StepState = "waiting" | "running" | "done" | "failed";

export interface Step {
  name: "keys" | "session" | "tunnel" | "stream";
  state: StepState;
  millis: number;
}

export type Phase = "connecting" | "streaming" | "interrupted" | "failed" | "ended";

export interface Connection {
  host_id: string;
  host_name: string;
  phase: Phase;
  steps: Step[];
  error: Failure | null;
  reason: string | null;
  /** How long pictures came; 0: never. */
  streamed_ms: number;
  /** While interrupted: when the client stops waiting. */
  gives_up_in_ms: number;
  codec: string;
  width: number;
  height: number;
  capture: string | null;
  encoder: string | null;
  /** What the host says is wrong: why no new pictures come. */
  trouble?: { code: string; sentence: string } | null;
}

export interface Membership {
  org_id: string;
  org_name: string;
  /** As last heard; what somebody may is the control plane's to say. */
  admin: boolean;
}

export interface State {
  type: "state";
  signed_in: boolean;
  user: { name: string; email: string; memberships: Membership[] } | null;
  server: string;
  link: "up" | "down" | "connecting";
  sign_in: { waiting: boolean; error: Failure | null };
  hosts_loaded: boolean;
  hosts: Host[];
  connection: Connection | null;
}

export interface StageFigures {
  capture: number;
  convert: number;
  encode: number;
  packetise: number;
  network: number;
  decode: number;
  show: number;
}

export interface Figures {
  type: "figures";
  path: "RELAY" | "DIRECT";
  endpoint: string;
  fps_received: number;
  fps_shown: number;
  bits_per_second: number;
  loss: number;
  repaired: number;
  round_trip_ms: number;
  duration_ms: number;
  /** Since the figures before. */
  loss_now: number;
  total_p50_ms: number;
  total_p95_ms: number;
  /** Of the pictures shown last, stage by stage: they add up. Null while there are none. */
  mean_ms: StageFigures | null;
}

export interface CursorMoved {
  type: "cursor_moved";
  shape: number;
  x: number;
  y: number;
}

export interface CursorShape {
  type: "cursor_shape";
  serial: number;
  hot_x: number;
  hot_y: number;
  width: number;
  height: number;
  argb: string;
}

/** The session is over: nothing is known of the next one's pointer. */
export interface CursorGone {
  type: "cursor_gone";
}

export type CursorMessage = CursorMoved | CursorShape | CursorGone;

export type ServerMessage = State | Figures | CursorMessage;
