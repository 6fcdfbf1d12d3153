// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Which configurations the bundles of a runtime read, and which keys each has: read off their metatype and their components. */
final class SettingsCatalogue {

    /**
     * One key.
     *
     * @param type metatype's word: String, Integer, Boolean, …
     * @param required whether it has to be given, since there is no default
     */
    record Key(String type, boolean list, boolean required, String description) {}

    /** One configuration; of one that is not described, any key may be meant. */
    static final class Pid {

        final Map<String, Key> keys = new TreeMap<>();
        final Set<String> references = new HashSet<>();
        boolean described;
    }

    private final Map<String, Pid> pids = new TreeMap<>();

    static SettingsCatalogue of(RuntimeJar jar) {
        SettingsCatalogue catalogue = new SettingsCatalogue();
        jar.descriptions(catalogue::read);
        return catalogue;
    }

    /** @param pid perhaps of a factory: {@code io.nvremote.keys.file~server} */
    @Nullable
    Pid find(String pid) {
        return pids.get(pid.split("~", 2)[0]);
    }

    Set<String> names() {
        return pids.keySet();
    }

    void read(String entry, byte[] xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setNamespaceAware(true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // the default one writes to the console
            Document document = builder.parse(new ByteArrayInputStream(xml));
            if (entry.startsWith("OSGI-INF/metatype/")) {
                metatype(document);
            } else {
                components(document);
            }
        } catch (SAXException | IOException | ParserConfigurationException e) {
            return; // of a bundle with files of its own there: nothing that describes a configuration
        }
    }

    private Pid pid(String name) {
        return pids.computeIfAbsent(name, fresh -> new Pid());
    }

    private void metatype(Document document) {
        NodeList designates = document.getElementsByTagName("Designate");
        for (int i = 0; i < designates.getLength(); i++) {
            Element designate = (Element) designates.item(i);
            String name = designate.getAttribute("pid");
            Pid pid = pid(name.isEmpty() ? designate.getAttribute("factoryPid") : name);
            pid.described = true;
            NodeList objects = designate.getElementsByTagName("Object");
            NodeList classes = document.getElementsByTagName("OCD");
            for (int j = 0; j < classes.getLength(); j++) {
                Element ocd = (Element) classes.item(j);
                if (objects.getLength() == 0
                        || ocd.getAttribute("id").equals(((Element) objects.item(0)).getAttribute("ocdref"))) {
                    keys(ocd, pid);
                }
            }
        }
    }

    private static void keys(Element ocd, Pid pid) {
        NodeList definitions = ocd.getElementsByTagName("AD");
        for (int i = 0; i < definitions.getLength(); i++) {
            Element ad = (Element) definitions.item(i);
            String cardinality = ad.getAttribute("cardinality");
            boolean list = !cardinality.isEmpty() && !cardinality.equals("0");
            boolean required = !ad.hasAttribute("default") && !"false".equals(ad.getAttribute("required"));
            String type = ad.getAttribute("type");
            pid.keys.put(ad.getAttribute("id"), new Key(type, list, required, ad.getAttribute("description")));
        }
    }

    private void components(Document document) {
        NodeList components = document.getElementsByTagNameNS("*", "component");
        for (int i = 0; i < components.getLength(); i++) {
            Element component = (Element) components.item(i);
            if ("ignore".equals(component.getAttribute("configuration-policy"))) {
                continue;
            }
            String own = component.getAttribute("name");
            String names = component.getAttribute("configuration-pid");
            for (String name : (names.isEmpty() ? own : names).split(" ")) {
                Pid pid = pid(name.equals("$") ? own : name);
                NodeList references = component.getElementsByTagName("reference");
                for (int j = 0; j < references.getLength(); j++) {
                    pid.references.add(((Element) references.item(j)).getAttribute("name"));
                }
            }
        }
    }
}
