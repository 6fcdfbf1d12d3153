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

/** Plugins of one encoder component, made of classes of a test. */
public final class EncoderJar {

    private EncoderJar() {}

    /** A new one in the folder; unsigned. */
    public static Path of(Path folder, String name, int ranking, Class<?> component, Class<?>... others)
            throws IOException {
        Map<String, String> headers = JarFiles.pluginHeaders();
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", "1.0.0");
        headers.put(
                "Import-Package",
                Stream.of(
                                "io.nvremote.core;version=\"[0.1,1)\"",
                                "io.nvremote.encode;version=\"[0.1,1)\"",
                                "io.nvremote.media;version=\"[0.1,1)\"",
                                "org.bytedeco.ffmpeg.avcodec;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.avutil;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.global;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.swscale;version=\"[8.0,9)\"",
                                "org.bytedeco.javacpp;version=\"[1.5,2)\"")
                        .collect(Collectors.joining(",")));
        headers.put("Provide-Capability", "io.nvremote.encode;codec:List<String>=h264;device=software");
        headers.put("Service-Component", "OSGI-INF/component.xml");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                "OSGI-INF/component.xml", component(name, ranking, component).getBytes(StandardCharsets.UTF_8));
        entries.put(JarFiles.path(component), JarFiles.bytes(component));
        for (Class<?> other : others) {
            entries.put(JarFiles.path(other), JarFiles.bytes(other));
        }
        return JarFiles.jar(folder, headers, entries);
    }

    private static String component(String name, int ranking, Class<?> type) {
        return """
               <?xml version="1.0" encoding="UTF-8"?>
               <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s">
                 <implementation class="%s"/>
                 <service><provide interface="io.nvremote.encode.Encoder"/></service>
                 <property name="service.ranking" type="Integer" value="%s"/>
                 <property name="encode.codec" type="String" value="h264"/>
                 <property name="encode.device" type="String" value="software"/>
               </scr:component>
               """.formatted(name, type.getName(), Integer.toString(ranking));
    }
}
