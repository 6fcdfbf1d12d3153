// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of plugin admission. */
@ObjectClassDefinition(name = "Plugin admission and phase-in")
public @interface PhaseInConfig {

    String PID = "io.nvremote.updates.phasein";

    @AttributeDefinition(description = "Folder of the runtime's own data; plugins and the control socket live in it.")
    String data_folder();

    @AttributeDefinition(description = "Folder of certificates (*.pem) whose holders may publish plugins.")
    String publishers_folder();

    @AttributeDefinition(description = "How long a new version must serve without failing before the old one goes.")
    String probation() default "PT5S";
}
