// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.rest.Problem;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;

/** What a person sees in the browser when a sign-in can't go on. */
final class ErrorPage {

    private ErrorPage() {}

    static Response.ResponseBuilder of(Problem problem) {
        return Response.status(problem.status())
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .entity("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Sign-in stopped</title><style>body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;
            padding:0 1rem;color:#1a1a1a;background:#fafafa}code{background:#eee;padding:.1rem .3rem;border-radius:.2rem}
            @media(prefers-color-scheme:dark){body{color:#eee;background:#111}code{background:#333}}</style></head>
            <body><main><h1>Sign-in stopped</h1><p>%s</p><p>%s</p><p><code>%s</code></p></main></body></html>
            """.formatted(
                                escaped(problem.title()),
                                escaped(problem.error().message()),
                                escaped(problem.error().code())));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
