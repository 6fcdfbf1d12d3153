// SPDX-License-Identifier: Apache-2.0
// The peer of the REST row: GET /api/v1/orgs/:org/hosts on Fastify and pg, over TLS, as careful people write it.
//
// Same answer, same database, same checks as ours: the access token's ES256 signature, issuer and audience (verified once,
// then known by its hash), the sign-in's life and the caller's role (asked at most every 5 s), and the rows under row-level
// security, in a transaction of the application's role that names the organisation. pg sends its four statements at once.
import { readFileSync } from 'node:fs'
import { createPublicKey } from 'node:crypto'
import Fastify from 'fastify'
import pg from 'pg'
import { createVerifier } from 'fast-jwt'

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const KNOWN_MS = 5000
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

const { kty, crv, x, y } = JSON.parse(readFileSync(settings.tokenKey, 'utf8'))
const verify = createVerifier({
    key: createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
    algorithms: ['ES256'],
    allowedIss: settings.issuer,
    allowedAud: 'nvremote',
    requiredClaims: ['sub', 'sid', 'exp'],
    cache: 1000,
})

const pool = new pg.Pool({ ...settings.database, max: 10, pipeline: true })

const known = new Map()
async function remembered(key, ask) {
    const last = known.get(key)
    const now = Date.now()
    if (last && now - last.at < KNOWN_MS) return last.value
    const value = await ask()
    known.set(key, { at: now, value })
    return value
}

async function within(org, statements) {
    const client = await pool.connect()
    try {
        const results = await Promise.all([
            client.query({ name: 'begin', text: 'BEGIN' }),
            client.query({
                name: 'org',
                text: "SELECT set_config('app.org_id', $1, true), set_config('search_path', 'nvremote', true)",
                values: [org],
            }),
            ...statements.map((statement) => client.query(statement)),
            client.query({ name: 'commit', text: 'COMMIT' }),
        ])
        client.release()
        return results[2].rows
    } catch (e) {
        client.release(e)
        throw e
    }
}

const live = async (signIn) =>
    (
        await pool.query({
            name: 'live',
            text: `SELECT 1 FROM nvremote.refresh_tokens
                    WHERE family_id = $1 AND revoked_at IS NULL AND used_at IS NULL AND expires_at > now() LIMIT 1`,
            values: [signIn],
        })
    ).rows.length > 0

const role = async (user, org) =>
    (
        await within(org, [
            {
                name: 'role',
                text: `SELECT m.role FROM org_members m JOIN orgs o ON o.id = m.org_id JOIN users u ON u.id = m.user_id
                        WHERE m.org_id = $1 AND m.user_id = $2 AND o.deleted_at IS NULL AND u.deleted_at IS NULL`,
                values: [org, user],
            },
        ])
    )[0]?.role

const hosts = (org, limit) =>
    within(org, [
        {
            name: 'hosts',
            text: `SELECT h.id, h.org_id, h.hostname, h.display_name, h.status, h.gpu_info, h.os_info, h.agent_version,
                          h.max_sessions, h.last_heartbeat_at, h.registered_at, h.figures,
                          (SELECT count(*)::int FROM sessions s
                            WHERE s.org_id = h.org_id AND s.host_id = h.id AND s.status IN ('PENDING', 'ACTIVE')) AS live
                     FROM hosts h WHERE h.org_id = $1 AND h.deleted_at IS NULL
                    ORDER BY COALESCE(h.display_name, h.hostname), h.id LIMIT $2`,
            values: [org, limit],
        },
    ])

const time = (date) => date?.toISOString().replace('.000Z', 'Z')

function view(h) {
    return {
        id: h.id,
        org_id: h.org_id,
        hostname: h.hostname,
        display_name: h.display_name ?? undefined,
        status: h.status === 'ONLINE' && h.live >= h.max_sessions ? 'BUSY' : h.status,
        gpu_info: h.gpu_info,
        os_info: h.os_info,
        agent_version: h.agent_version ?? undefined,
        max_sessions: h.max_sessions,
        last_heartbeat_at: time(h.last_heartbeat_at),
        registered_at: time(h.registered_at),
        figures: h.figures ?? undefined,
    }
}

const text = { type: 'string' }
const integer = { type: 'integer' }
const facts = { type: 'object', additionalProperties: text }
const figures = {
    type: 'object',
    properties: {
        at: text,
        cpu_usage: { type: 'number' },
        memory_total_mb: integer,
        memory_used_mb: integer,
        gpu_usage: { type: 'number' },
        gpu_name: text,
        gpu_vram_total_mb: integer,
        gpu_vram_used_mb: integer,
        streamer_running: { type: 'boolean' },
        active_sessions: integer,
        uptime_seconds: integer,
    },
}
const host = {
    type: 'object',
    properties: {
        id: text,
        org_id: text,
        hostname: text,
        display_name: text,
        status: text,
        gpu_info: facts,
        os_info: facts,
        agent_version: text,
        max_sessions: integer,
        last_heartbeat_at: text,
        registered_at: text,
        figures,
    },
}

const app = Fastify({ https: { key: readFileSync(settings.key), cert: readFileSync(settings.certificate) } })

const refused = (status, code) => Object.assign(new Error(code), { statusCode: status })

app.addHook('onRequest', async (request, reply) => {
    const header = request.headers.authorization ?? ''
    if (!header.startsWith('Bearer ')) throw refused(401, 'TOKEN_MISSING')
    try {
        request.caller = verify(header.slice(7))
    } catch {
        throw refused(401, 'TOKEN_INVALID')
    }
    const { sid } = request.caller
    if (!(await remembered(sid, () => live(sid)))) throw refused(401, 'TOKEN_INVALID')
    reply.headers({
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
})

app.get(
    '/api/v1/orgs/:org/hosts',
    {
        schema: {
            params: { type: 'object', properties: { org: { type: 'string', pattern: UUID } } },
            querystring: {
                type: 'object',
                properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 100 } },
            },
            response: { 200: { type: 'object', properties: { items: { type: 'array', items: host } } } },
        },
    },
    async (request) => {
        const { org } = request.params
        const { sub } = request.caller
        if (!(await remembered(sub + org, () => role(sub, org)))) throw refused(404, 'ORG_UNKNOWN')
        return { items: (await hosts(org, request.query.limit)).map(view) }
    },
)

await app.listen({ host: '127.0.0.1', port: 0 })
console.log(`READY ${app.server.address().port}`)
process.stdin.on('end', () => process.exit(0)).resume()
