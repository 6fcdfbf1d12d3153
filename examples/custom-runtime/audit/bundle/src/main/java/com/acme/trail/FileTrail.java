// SPDX-License-Identifier: Apache-2.0
package com.acme.trail;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditFilter;
import io.nvremote.audit.AuditPosition;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditSpan;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.ChainReport;
import io.nvremote.core.OrgId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The audit log as lines of a file, read again as long as the process runs. An example of a provider in the place of ours, and less
 * than it: an event stays although its transaction is undone, and nothing keeps others from changing the file.
 */
@Designate(ocd = TrailConfig.class)
@Component(configurationPid = "com.acme.trail", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FileTrail implements AuditTrail {

    private final Path file;
    private final Map<OrgId, List<AuditRecord>> chains = new HashMap<>();

    @Activate
    public FileTrail(TrailConfig config) {
        file = Path.of(config.file());
    }

    @Override
    public void append(Connection transaction, AuditEvent event) {
        append(event);
    }

    @Override
    public synchronized void append(AuditEvent event) {
        List<AuditRecord> chain = chains.computeIfAbsent(event.org(), fresh -> new ArrayList<>());
        String previous = chain.isEmpty() ? "" : chain.getLast().hash();
        Instant now = Instant.now();
        String line = now + " " + event.org() + " " + event.type() + " " + event.outcome();
        chain.add(new AuditRecord(chain.size() + 1L, now, event, previous, hash(previous + line)));
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized List<AuditRecord> read(OrgId org, AuditQuery query) {
        AuditPosition after = query.after();
        return chains.getOrDefault(org, List.of()).stream()
                .filter(record -> after == null || record.sequence() > after.sequence())
                .filter(record ->
                        !record.at().isBefore(query.from()) && record.at().isBefore(query.to()))
                .filter(record -> fits(query.filter(), record.event()))
                .limit(query.limit())
                .toList();
    }

    private static boolean fits(AuditFilter filter, AuditEvent event) {
        return is(filter.type(), event.type())
                && is(filter.actor(), event.actor().id())
                && (filter.resource() == null
                        || (filter.resource().type().equals(event.resourceType())
                                && filter.resource().id().equals(event.resourceId())))
                && is(filter.session(), event.session())
                && is(filter.outcome(), event.outcome());
    }

    private static boolean is(Object wanted, Object found) {
        return wanted == null || wanted.equals(found);
    }

    @Override
    public synchronized AuditSpan span(OrgId org, Instant from, Instant to) {
        List<AuditRecord> chain = chains.getOrDefault(org, List.of());
        List<Long> inside = chain.stream()
                .filter(record -> !record.at().isBefore(from) && record.at().isBefore(to))
                .map(AuditRecord::sequence)
                .toList();
        return new AuditSpan(
                inside.isEmpty() ? 1 : inside.getFirst(),
                inside.isEmpty() ? 0 : inside.getLast(),
                chain.size(),
                chain.isEmpty() ? "0".repeat(64) : chain.getLast().hash());
    }

    @Override
    public synchronized List<AuditRecord> chain(OrgId org, long first) {
        return chains.getOrDefault(org, List.of()).stream()
                .skip(first - 1)
                .limit(CHUNK)
                .toList();
    }

    @Override
    public synchronized ChainReport verify(OrgId org) {
        return new ChainReport(chains.getOrDefault(org, List.of()).size(), null, "kept in this process");
    }
}
