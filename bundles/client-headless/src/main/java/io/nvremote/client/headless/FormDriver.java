// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.StreamException;
import io.nvremote.viewer.ViewerError;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the system browser where there is none: follows redirects and, in the one form of the development
 * identity provider, presses the button of a person. Good for that provider alone; a real one asks for more.
 */
final class FormDriver {

    private static final Pattern FORM =
            Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern INPUT = Pattern.compile("<input\\b([^>]*)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern BUTTON =
            Pattern.compile("<button\\b([^>]*)>(.*?)</button>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final int HOPS = 12;

    private final HttpClient http;
    private final String user;

    FormDriver(@Nullable SSLContext tls, String user) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL));
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
        this.user = user;
    }

    /** Walks from {@code start} until something redirects to {@code redirect}; the query it brings, as it was sent. */
    String signIn(URI start, String redirect) {
        HttpRequest request = get(start);
        for (int hop = 0; hop < HOPS; hop++) {
            HttpResponse<String> answer = send(request);
            URI at = request.uri();
            if (answer.statusCode() / 100 == 3) {
                URI next = at.resolve(answer.headers()
                        .firstValue("Location")
                        .orElseThrow(() -> failed("a redirect without a place")));
                if (next.toString().startsWith(redirect + "?")) {
                    return next.getRawQuery();
                }
                request = get(next);
            } else if (answer.statusCode() == 200) {
                request = form(at, answer.body());
            } else {
                throw failed("status " + answer.statusCode() + " from " + at.getRawAuthority() + at.getPath());
            }
        }
        throw failed("more than " + HOPS + " steps");
    }

    private HttpRequest form(URI at, String html) {
        Matcher form = FORM.matcher(html);
        if (!form.find()) {
            throw failed("a page without a form at " + at.getPath());
        }
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(form.group(2));
        while (input.find()) {
            String name = attribute(input.group(1), "name");
            String type = attribute(input.group(1), "type");
            if (!name.isEmpty() && type.equals("hidden")) {
                fields.put(name, attribute(input.group(1), "value"));
            }
        }
        press(form.group(2), fields);
        String action = attribute(form.group(1), "action");
        String body = fields.entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(action.isEmpty() ? at : at.resolve(action))
                .timeout(Duration.ofSeconds(15))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", at.getScheme() + "://" + at.getRawAuthority())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** The button whose value or text is the user. */
    private void press(String html, Map<String, String> fields) {
        Matcher button = BUTTON.matcher(html);
        while (button.find()) {
            String value = attribute(button.group(1), "value");
            if (value.equals(user) || button.group(2).contains(user)) {
                fields.put(attribute(button.group(1), "name"), value);
                return;
            }
        }
        throw failed("a form that does not offer to sign in as " + user);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new StreamException(
                    ViewerError.CONTROL_PLANE_UNREACHABLE, request.uri().getRawAuthority() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamException(ViewerError.CANCELLED, "interrupted while signing in", e);
        }
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(15))
                .header("Accept", "text/html")
                .build();
    }

    private static String attribute(String tag, String name) {
        Matcher found = Pattern.compile("\\b" + name + "\\s*=\\s*\"([^\"]*)\"", Pattern.CASE_INSENSITIVE)
                .matcher(tag);
        return found.find()
                ? found.group(1)
                        .replace("&amp;", "&")
                        .replace("&quot;", "\"")
                        .replace("&#x27;", "'")
                        .replace("&#39;", "'")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&#x3d;", "=")
                        .replace("&#61;", "=")
                : "";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static StreamException failed(String what) {
        return new StreamException(ViewerError.SIGN_IN_FAILED, "the sign-in without a browser met " + what);
    }
}
