/** How a machine becomes a host. Pure functions. */
import type { Membership, State } from "./model.ts";
import { spoken } from "./words.ts";

/** The organisations of who is signed in that have no host yet. */
export function withoutHost(state: State): Membership[] {
  const having = new Set(state.hosts.map((h) => h.org_id));
  return (state.user?.memberships ?? []).filter((m) => !having.has(m.org_id));
}

/**
 * Enrols a machine on which the host agent is installed as deploy/systemd/README.md says. It asks for the token, so that no history of a
 * shell keeps it. Stops at the first thing that fails.
 */
export function enrolCommand(orgId: string): string {
  const config = "/etc/nvremote/host-agent.json";
  const token = "/var/lib/nvremote/host-agent/bootstrap-token";
  return [
    "sudo bash -ec '",
    'read -rsp "Token: " token',
    `printf %s "$token" | install -D -m 600 -o nvremote -g nvremote /dev/stdin ${token}`,
    `sed -i "s/\\"org.id\\": *\\"[^\\"]*\\"/\\"org.id\\": \\"${orgId.replace(/[^0-9a-f-]/g, "")}\\"/" ${config}`,
    "systemctl enable nvremote-host-agent",
    "systemctl restart nvremote-host-agent'",
  ].join("\n");
}

/** "24 h (until 30 Nov 2026, 15:42)". */
export function goodFor(expiresAt: string, now: number): string {
  const end = Date.parse(expiresAt);
  const until = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(end);
  return `${spoken(end - now).replace(/ 0 min$/, "")} (until ${until})`;
}
