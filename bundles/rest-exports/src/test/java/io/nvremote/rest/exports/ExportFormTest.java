// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportFormTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "plain,\"plain\"",
                "=1+1,\"'=1+1\"",
                "+1,\"'+1\"",
                "-1,\"'-1\"",
                "@SUM(A1),\"'@SUM(A1)\"",
                "`\t=1`,\"'\t=1\"",
                "`\r=1`,`\"'\r=1\"`",
                "`\n=1`,`\"'\n=1\"`",
                "＝1,\"'＝1\"",
                "＠x,\"'＠x\"",
                "a=1,\"a=1\"",
                "say \"x\",\"say \"\"x\"\"\"",
                "`=a,\"b\"\r\n=c`,`\"'=a,\"\"b\"\"\r\n=c\"`",
                "``,\"\""
            })
    void a_cell_is_quoted_and_no_formula(String text, String cell) {
        assertThat(ExportForm.Csv.cell(text)).isEqualTo(cell);
    }

    @Test
    void a_row_has_as_many_cells_as_there_are_columns() {
        ExportForm.Csv csv = new ExportForm.Csv();
        OrgId org = OrgId.next();
        AuditEvent event = AuditEvent.of(
                        org,
                        AuditType.ORG_UPDATED,
                        Actor.anonymous(InetAddress.ofLiteral("192.0.2.7"), "agent"),
                        "org",
                        "=id")
                .with("n", "=1");
        String row = csv.record(
                new AuditRecord(7, Instant.parse("2026-02-01T00:00:00Z"), event, "0".repeat(64), "a".repeat(64)));
        assertThat(csv.begin()).endsWith("\r\n");
        List<String> columns = List.of(csv.begin().strip().split(","));
        assertThat(row.strip().split(",")).hasSameSizeAs(columns);
        assertThat(row)
                .isEqualTo(
                        "7,\"2026-02-01T00:00:00Z\",\"ORG_UPDATED\",\"SUCCESS\",\"ANONYMOUS\",\"\",\"\",\"192.0.2.7\",\"agent\",\"org\","
                                + "\"'=id\",\"\",\"{\"\"n\"\":\"\"=1\"\"}\",\"" + org + "\",\"" + "0".repeat(64)
                                + "\",\""
                                + "a".repeat(64) + "\"\r\n");
    }
}
