// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.house.Sources.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A record's {@code toString} shows its components, and sooner or later one is logged: what is secret has its type in the core. */
class SecretRulesTest {

    private static final Pattern RECORD = Pattern.compile("\\brecord \\w+(?:<[^(]*>)?\\(");
    private static final Pattern TEXT_FOR_A_SECRET = Pattern.compile("\\b(?:String|Optional<String>|char\\[])\\s+"
            + "((?:\\w*(?:[tT]oken|[tT]icket|[sS]ecret|[pP]assword|[pP]assphrase|[vV]erifier|[pP]rivateKey(?:Pem)?"
            + "|[pP]resharedKey|[bB]earer))|psk|attempt)\\b");

    /** Components of records that keep a secret in a text. */
    static List<String> printable(List<Source> sources) {
        List<String> found = new ArrayList<>();
        for (Source source : sources) {
            String text = source.text().replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)//.*$", "");
            for (MatchResult record : RECORD.matcher(text).results().toList()) {
                TEXT_FOR_A_SECRET
                        .matcher(components(text.substring(record.end())))
                        .results()
                        .forEach(component -> found.add(source.path() + ": " + component.group()));
            }
        }
        return found;
    }

    /** What stands before the parenthesis that closes the record's own; those of annotations are inside. */
    private static String components(String text) {
        int open = 1;
        int at = 0;
        while (open > 0 && at < text.length()) {
            char c = text.charAt(at++);
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return text.substring(0, at);
    }

    private static List<String> printable(String text) {
        return printable(List.of(new Source("bundles/x/src/main/java/A.java", text)));
    }

    @Test
    void no_record_keeps_a_secret_in_a_text() throws IOException {
        assertThat(printable(Sources.main())).isEmpty();
        for (String bad : List.of(
                "record A(String token) {}",
                "record A<T>(T of, String relayTicket) {}",
                "record A(\n    @Says(required = true) @Nullable String codeVerifier,\n    int b) {}",
                "record A(@Says(\"one (of two)\") int b, String refreshToken) {}",
                "record A(Optional<String> clientSecret) {}",
                "record A(char[] password) {}",
                "record A(String privateKeyPem) {}",
                "record A(String psk) {}")) {
            assertThat(printable(bad)).as(bad).hasSize(1);
        }
        for (String good : List.of(
                "record A(Secret token, String tokenType, String tokenId) {}",
                "/** record A(String token) */ record A(int b) { void with(String token) {} }",
                "record A(int b) {} class B { B(String token) {} }")) {
            assertThat(printable(good)).as(good).isEmpty();
        }
    }
}
