// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import org.osgi.service.component.annotations.Component;

/** Opens the way of a person's input. */
@Component(property = ViewerTrackFactory.NAME + "=input")
public final class InputTrackFactory implements ViewerTrackFactory {

    @Override
    public ViewerTrack open(TrackContext context) {
        return new InputTrack(context);
    }
}
