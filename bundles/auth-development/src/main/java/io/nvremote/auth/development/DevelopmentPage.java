// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import java.util.Map;
import java.util.stream.Collectors;

/** The page on which one chooses who to be. */
final class DevelopmentPage {

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#16181d;--soft:#5b6270;--page:#f3f4f6;--card:#fff;--line:#d5d9e0;--go:#3f6d00}
            @media(prefers-color-scheme:dark){:root{--ink:#eef0f4;--soft:#a7afbd;--page:#0f1115;--card:#191c22;--line:#333945;--go:#76b900}}
            *{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--page);
            color:var(--ink);font:1rem/1.5 system-ui,sans-serif}main{width:min(26rem,92vw);background:var(--card);
            border:1px solid var(--line);border-radius:.75rem;padding:2rem}h1{font-size:1.35rem;margin:0 0 .25rem}
            p{margin:.25rem 0 1.25rem;color:var(--soft)}.warn{border-left:.25rem solid #b45309;padding-left:.75rem;font-size:.9rem}
            button{display:block;width:100%;text-align:left;font:inherit;color:inherit;background:transparent;cursor:pointer;
            border:1px solid var(--line);border-radius:.5rem;padding:.7rem 1rem;margin:.6rem 0}
            button:hover{border-color:var(--go)}button:focus-visible{outline:3px solid var(--go);outline-offset:2px}
            button small{display:block;color:var(--soft)}
            """;

    private DevelopmentPage() {}

    static String choose(DevelopmentSettings settings, Map<String, String> request) {
        String hidden = request.entrySet().stream()
                .map(e -> "<input type=\"hidden\" name=\"" + escaped(e.getKey()) + "\" value=\"" + escaped(e.getValue())
                        + "\">")
                .collect(Collectors.joining());
        String people = settings.people().values().stream()
                .map(p -> "<button type=\"submit\" name=\"user\" value=\"" + escaped(p.id()) + "\">" + escaped(p.name())
                        + "<small>" + escaped(p.email()) + "</small></button>")
                .collect(Collectors.joining());
        return page(
                "Choose who to sign in as",
                "<h1>Choose who to sign in as</h1><p>nvremote development identity provider</p>"
                        + "<form method=\"post\" action=\""
                        + escaped(settings.issuer().getPath()) + "/authorize\">" + hidden
                        + people
                        + "</form><p class=\"warn\">For development and demonstrations only: nobody's identity is "
                        + "checked here.</p>");
    }

    static String refused(String why) {
        return page("Sign-in stopped", "<h1>Sign-in stopped</h1><p>" + escaped(why) + "</p>");
    }

    private static String page(String title, String body) {
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                + "content=\"width=device-width,initial-scale=1\"><title>" + title + "</title><style>" + STYLE
                + "</style></head><body><main>" + body + "</main></body></html>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
