// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import io.nvremote.tests.jars.JarFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plugins of one component, made of classes of a test. */
public final class PluginJar {

    private PluginJar() {}

    /** A new one with an encoder of H.264 in the folder; unsigned. */
    public static Path encoder(Path folder, String name, int ranking, Class<?> component, Class<?>... others)
            throws IOException {
        return jar(folder, name, new Kind("encode", "Encoder"), ranking, component, others);
    }

    /** The same with a decoder. */
    public static Path decoder(Path folder, String name, int ranking, Class<?> component, Class<?>... others)
            throws IOException {
        return jar(folder, name, new Kind("decode", "Decoder"), ranking, component, others);
    }

    private record Kind(String noun, String contract) {}

    private static Path jar(Path folder, String name, Kind kind, int ranking, Class<?> component, Class<?>... others)
            throws IOException {
        Map<String, String> headers = JarFiles.pluginHeaders();
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", "1.0.0");
        headers.put(
                "Import-Package",
                Stream.of(
                                "io.nvremote.core;version=\"[0.1,1)\"",
                                "io.nvremote." + kind.noun() + ";version=\"[0.1,1)\"",
                                "io.nvremote.media;version=\"[0.1,1)\"",
                                "org.bytedeco.ffmpeg.avcodec;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.avutil;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.global;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.swscale;version=\"[8.0,9)\"",
                                "org.bytedeco.javacpp;version=\"[1.5,2)\"")
                        .collect(Collectors.joining(",")));
        headers.put("Provide-Capability", "io.nvremote." + kind.noun() + ";codec:List<String>=h264;device=software");
        headers.put("Service-Component", "OSGI-INF/component.xml");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                "OSGI-INF/component.xml",
                component(name, kind, ranking, component).getBytes(StandardCharsets.UTF_8));
        entries.put(JarFiles.path(component), JarFiles.bytes(component));
        for (Class<?> other : others) {
            entries.put(JarFiles.path(other), JarFiles.bytes(other));
        }
        return JarFiles.jar(folder, headers, entries);
    }

    private static String component(String name, Kind kind, int ranking, Class<?> type) {
        return """
               <?xml version="1.0" encoding="UTF-8"?>
               <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%1$s">
                 <implementation class="%2$s"/>
                 <service><provide interface="io.nvremote.%3$s.%4$s"/></service>
                 <property name="service.ranking" type="Integer" value="%5$s"/>
                 <property name="%3$s.codec" type="String" value="h264"/>
                 <property name="%3$s.device" type="String" value="software"/>
               </scr:component>
               """.formatted(name, type.getName(), kind.noun(), kind.contract(), Integer.toString(ranking));
    }
}
