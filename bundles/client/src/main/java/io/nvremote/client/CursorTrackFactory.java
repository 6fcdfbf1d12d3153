// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import org.osgi.service.component.annotations.Component;

/** Opens the host's pointer. */
@Component(property = ViewerTrackFactory.NAME + "=cursor")
public final class CursorTrackFactory implements ViewerTrackFactory {

    @Override
    public ViewerTrack open(TrackContext context) {
        return new CursorTrack(context);
    }
}
