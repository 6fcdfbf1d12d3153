// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * {@code docs/errors.md} and {@code docs/config.md} are made from the code: this test makes them anew and compares. With
 * {@code -Ddocs.write=true} it writes them.
 */
class DocsTest {

    static void compareOrWrite(Path file, String text) throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).exists();
        assertThat(Files.readString(file))
                .as(
                        file.getFileName()
                                + " is out of date: run ./build install -DskipTests && ./build verify -f tests/house/pom.xml -Ddocs.write=true")
                .isEqualTo(text);
    }

    @Test
    void every_error_is_documented_with_its_remedy() throws Exception {
        List<URL> folders = new ArrayList<>();
        for (Room room : Room.all()) {
            folders.add(room.classes().toUri().toURL());
        }
        Map<String, String> sections = new TreeMap<>();
        try (URLClassLoader loader =
                new URLClassLoader(folders.toArray(URL[]::new), getClass().getClassLoader())) {
            Class<?> errorCode = loader.loadClass("io.nvremote.core.ErrorCode");
            for (Room room : Room.all()) {
                for (Path file : room.classFiles()) {
                    String name = room.classes().relativize(file).toString().replace('/', '.');
                    name = name.substring(0, name.length() - ".class".length());
                    if (name.endsWith("Error") && room.floor() != Room.Floor.PROVIDER) {
                        Class<?> type = loader.loadClass(name);
                        if (type.isEnum() && errorCode.isAssignableFrom(type)) {
                            sections.put(name, section(errorCode, type));
                        }
                    }
                }
            }
        }
        assertThat(sections).hasSizeGreaterThan(5);
        StringBuilder text = new StringBuilder("""
                # Errors

                Made from the code by `tests/house`; do not edit. The remedy says who can help: `CALLER` change the request, `PEER` the other
                end broke the rules, `RETRY` try again later, `OPERATOR` somebody who runs the system, `BUG` report it.
                """);
        sections.values().forEach(text::append);
        compareOrWrite(Room.root().resolve("docs/errors.md"), text.toString());
    }

    private static String section(Class<?> errorCode, Class<?> type) throws ReflectiveOperationException {
        StringBuilder text = new StringBuilder(
                "\n## " + type.getSimpleName() + "\n\n| code | remedy | what to do |\n|---|---|---|\n");
        for (Object constant : type.getEnumConstants()) {
            text.append("| `")
                    .append(constant)
                    .append("` | ")
                    .append(errorCode.getMethod("remedy").invoke(constant))
                    .append(" | ")
                    .append(errorCode.getMethod("advice").invoke(constant))
                    .append(" |\n");
        }
        return text.toString();
    }

    @Test
    void every_setting_is_documented() throws Exception {
        Map<String, String> sections = new TreeMap<>();
        for (Room room : Room.all()) {
            Path folder = room.classes().resolve("OSGI-INF/metatype");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.sorted().toList()) {
                        describe(file, sections);
                    }
                }
            }
        }
        assertThat(sections).hasSizeGreaterThan(5);
        StringBuilder text = new StringBuilder("""
                # Configuration

                Made from the code by `tests/house`; do not edit. A section per PID; keys as in a runtime's `config/*.json`.
                """);
        sections.values().forEach(text::append);
        compareOrWrite(Room.root().resolve("docs/config.md"), text.toString());
    }

    /** The default as a person would write it: metatype escapes blanks and commas. */
    private static String fallback(Element ad) {
        if (!ad.hasAttribute("default")) {
            return "–";
        }
        String text = ad.getAttribute("default").replaceAll("\\\\(.)", "$1");
        return text.isEmpty() ? "empty" : "`" + text.replace("|", "\\|") + "`";
    }

    private static void describe(Path file, Map<String, String> sections)
            throws IOException, ParserConfigurationException, SAXException {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        NodeList designates = document.getElementsByTagName("Designate");
        NodeList definitions = document.getElementsByTagName("AD");
        String name = ((Element) document.getElementsByTagName("OCD").item(0)).getAttribute("name");
        for (int i = 0; i < designates.getLength(); i++) {
            Element designate = (Element) designates.item(i);
            String pid = designate.hasAttribute("pid")
                            && !designate.getAttribute("pid").isEmpty()
                    ? designate.getAttribute("pid")
                    : designate.getAttribute("factoryPid");
            StringBuilder text = new StringBuilder(
                    "\n## " + pid + "\n\n" + name + "\n\n| key | default | what it is |\n|---|---|---|\n");
            for (int j = 0; j < definitions.getLength(); j++) {
                Element ad = (Element) definitions.item(j);
                String fallback = fallback(ad);
                text.append("| `")
                        .append(ad.getAttribute("id"))
                        .append("` | ")
                        .append(fallback)
                        .append(" | ")
                        .append(ad.getAttribute("description").replace("|", "\\|"))
                        .append(" |\n");
            }
            sections.put(pid, text.toString());
        }
    }
}
