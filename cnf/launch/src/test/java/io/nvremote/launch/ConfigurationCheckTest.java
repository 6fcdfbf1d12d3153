// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationCheckTest {

    private static final String METATYPE = """
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="C" name="C">
                <AD id="folder" type="String" description="Where it lies."/>
                <AD id="port" type="Integer" default="80" description="A port."/>
                <AD id="on" type="Boolean" default="true" description="Whether."/>
                <AD id="names" type="String" cardinality="2147483647" description="Some."/>
                <AD id="password" type="Integer" default="0" description="A number that is secret."/>
              </OCD>
              <Designate factoryPid="io.nvremote.one"><Object ocdref="C"/></Designate>
            </metatype:MetaData>""";

    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="io.nvremote.one.One" configuration-pid="io.nvremote.one $">
              <reference name="files" interface="x.Y"/>
            </scr:component>""";

    private final SettingsCatalogue catalogue = new SettingsCatalogue();
    private final Layers layers = new Layers();
    private final Map<String, String> properties = Map.of("nvremote.port", "eighty", "nvremote.folder", "/data");

    private ConfigurationCheck check(String configuration) {
        catalogue.read("OSGI-INF/metatype/one.xml", METATYPE.getBytes(StandardCharsets.UTF_8));
        catalogue.read("OSGI-INF/one.xml", COMPONENT.getBytes(StandardCharsets.UTF_8));
        catalogue.read("OSGI-INF/other.xml", "<no xml".getBytes(StandardCharsets.UTF_8));
        layers.add(configuration, "x.json");
        return new ConfigurationCheck(catalogue, placeholders(), layers);
    }

    private Placeholders placeholders() {
        return new Placeholders(properties::get, name -> name.equals("PORT") ? "81" : null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'io.nvremote.on': {}}                                | x.json: no bundle of this runtime reads \"io.nvremote.on\". Is \"io.nvremote.one\" meant?",
                "{'io.nvremote.one': {}}                               | io.nvremote.one/folder is missing: Where it lies.",
                "{'io.nvremote.one': {'folder': 'a', 'prot': 1}}       | x.json: io.nvremote.one has no key \"prot\". Is \"port\" meant?",
                "{'io.nvremote.one': {'folder': 'a', 'other.target': '(x=y)'}} | io.nvremote.one has no key \"other.target\".",
                "{'io.nvremote.one': {'folder': 'a', 'files': 'x'}}    | io.nvremote.one has no key \"files\".",
                "{'io.nvremote.one': {'folder': 'a', 'port': 'b'}}     | io.nvremote.one/port=b is no Integer. A port.",
                "{'io.nvremote.one': {'folder': 'a', 'port': 99999999999}} | port=99999999999 is no Integer.",
                "{'io.nvremote.one': {'folder': 'a', 'port': '$[prop:nvremote.port;type=Integer]'}} | port=eighty is no Integer.",
                "{'io.nvremote.one': {'folder': 'a', 'password': 'x1y2'}} | io.nvremote.one/password=*** is no Integer.",
                "{'io.nvremote.one': {'folder': 'a', 'on': 'yes'}}     | io.nvremote.one/on=yes is no Boolean.",
                "{'io.nvremote.one': {'folder': ['a']}}                | io.nvremote.one/folder is one value, not a list",
                "{'io.nvremote.one': {'folder': {'a': 1}}}             | io.nvremote.one/folder is a value, not { … }",
                "{'io.nvremote.one': {'folder': '$[prop:nvremote.where]'}} | -Dnvremote.where=…, or NVREMOTE_WHERE=… is missing.  wanted by io.nvremote.one/folder: Where it lies.",
                "{'io.nvremote.one': {'folder': '$[env:WHERE]'}}       | The environment variable WHERE is missing.",
                "{'io.nvremote.one': {'folder': '$[prop:nvremote.data]/x'}} | --data DIR (or NVREMOTE_DATA) is missing.",
            })
    void each_fault_is_said_with_what_to_do(String configuration, String words) {
        assertThat(check(configuration.replace('\'', '"')).errors())
                .singleElement()
                .asString()
                .contains(words);
    }

    @Test
    void what_is_right_is_not_found_fault_with() {
        ConfigurationCheck check = check("""
                {"io.nvremote.one~a": {"folder": "$[prop:nvremote.folder]/$[prop:nvremote.x;default=]", "port": "$[env:PORT;type=Integer]",
                  "on:Boolean": false, "names": ["a", "$[secret:b]"], "files.target": "(a=b)", "service.ranking:Integer": 5},
                 "io.nvremote.one.One": {"anything": 1},
                 "com.acme.else": {"anything": 1}}""");
        assertThat(check.errors()).isEmpty();
        assertThat(check.warnings()).singleElement().asString().contains("com.acme.else");
    }

    @Test
    void what_is_printed_is_filled_in_and_holds_no_secret() {
        layers.add("""
                {"io.nvremote.one": {"folder": "$[prop:nvremote.folder]/x", "port:Integer": 5, "password": "hunter1",
                  "api.token": 12345, "owner.password": "file:/etc/p", "names": ["$[secret:hunter2]", "b"],
                  "url": "jdbc:postgresql://u:hunter3@h/d?password=hunter4&x=1", "key.file": "/k", "left": "$[prop:gone]"}}""", "x.json");
        String printed = ConfigurationCheck.printed(layers, placeholders());
        assertThat(printed)
                .contains("/data/x", "\"port:Integer\": 5", "file:/etc/p", "\"/k\"", "x=1", "$[prop:gone]")
                .doesNotContain("hunter", "12345");
    }

    @Test
    void the_environment_gives_what_configurations_name() {
        List<String> texts = List.of(
                "$[prop:nvremote.gateway.id]/$[prop:nvremote.empty;default=x]",
                "$[prop:nvremote.folder]",
                "$[prop:java.home]");
        Map<String, String> environment = Map.of(
                "NVREMOTE_GATEWAY_ID",
                "7",
                "NVREMOTE_EMPTY",
                "",
                "NVREMOTE_FOLDER",
                "/other",
                "JAVA_HOME",
                "/j",
                "NVREMOTE_DATA",
                "/d",
                "NVREMOTE_ELSE",
                "1");
        assertThat(Placeholders.fromEnvironment(texts, properties::get, environment))
                .containsOnly(Map.entry("nvremote.gateway.id", "7"), Map.entry("nvremote.data", "/d"));
    }
}
