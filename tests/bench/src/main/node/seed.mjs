// SPDX-License-Identifier: Apache-2.0
// Puts hosts into an organisation, as if they had enrolled and been heard of. Times are whole seconds: both sides write them alike.
import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import pg from 'pg'

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const client = new pg.Client(settings.owner)
await client.connect()
for (let i = 0; i < settings.hosts; i++) {
    await client.query(
        `INSERT INTO nvremote.hosts (org_id, id, hostname, display_name, status, gpu_info, os_info, agent_version, max_sessions,
                                     figures, last_heartbeat_at, registered_at)
         VALUES ($1, $2, $3, $4, 'ONLINE', $5, $6, '0.1.0', 2, $7, date_trunc('second', now()), date_trunc('second', now()))`,
        [
            settings.org,
            randomUUID(),
            `render-${i}`,
            i % 2 ? null : `Render ${i}`,
            { name: 'NVIDIA L4', driver: '570.86.15', vram_mb: '23034' },
            { name: 'Debian GNU/Linux', version: '12', kernel: '6.1.0-32-amd64' },
            {
                at: '2026-01-01T00:00:00Z',
                cpu_usage: 12.5,
                memory_total_mb: 64000,
                memory_used_mb: 12000 + i,
                gpu_usage: 33.25,
                gpu_name: 'NVIDIA L4',
                gpu_vram_total_mb: 23034,
                gpu_vram_used_mb: 4000 + i,
                streamer_running: true,
                active_sessions: 0,
                uptime_seconds: 86400 + i,
            },
        ],
    )
}
await client.end()
