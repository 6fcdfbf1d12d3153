package io.nvremote.relay.grpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.nvremote.core.CoreError;
import io.nvremote.core.GatewayId;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.relay.GatewayControl;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelayTable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's end: a gRPC server that only its control plane may call. */
@Designate(ocd = GatewayControlConfig.class)
@Component(
        immediate = true,
        configurationPid = GatewayControlConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class GrpcGatewayControl implements GatewayControl {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcGatewayControl.class);
    /** A full set of some 50,000 sessions. */
    private static final int LARGEST_MESSAGE = 16 << 20;

    private final GatewayInfo info;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

    @Activate
    public GrpcGatewayControl(GatewayControlConfig config, @Reference RelayTable table) {
        Identity identity = Identity.of(
                GatewayControlConfig.PID, config.certificate_file(), config.key_file(), config.ca_file());
        GatewayId id = GatewayId.of(config.gateway_id());
        identity.requireOwnName(Identity.gateway(id.toString()));
        info = new GatewayInfo(id, config.endpoint(), identity.fingerprint());
        server = open(new InetSocketAddress(config.bind_address(), config.port()), identity, table);
        LOG.atInfo().addKeyValue(Keys.GATEWAY, id).addKeyValue(Keys.PORT, port()).log("the control port is open");
    }

    GrpcGatewayControl(GatewayInfo info, InetSocketAddress address, Identity identity, RelayTable table) {
        this.info = info;
        server = open(address, identity, table);
    }

    private Server open(InetSocketAddress address, Identity identity, RelayTable table) {
        if (address.isUnresolved() || !info.endpoint().matches("\\S+:\\d{1,5}")) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    GatewayControlConfig.PID + " bind.address=" + address.getHostString() + ", endpoint="
                            + info.endpoint() + ": must be an address and host:port");
        }
        try {
            return NettyServerBuilder.forAddress(address)
                    .sslContext(identity.server())
                    .executor(threads)
                    .maxInboundMessageSize(LARGEST_MESSAGE)
                    .permitKeepAliveTime(5, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .addService(new ControlPort(table, info))
                    .build()
                    .start();
        } catch (IOException e) {
            boolean taken = e instanceof BindException || e.getCause() instanceof BindException;
            throw new StreamException(
                    taken ? RelayError.PORT_IN_USE : RelayError.SOCKET_UNAVAILABLE,
                    "TCP " + address.getAddress().getHostAddress() + ":" + address.getPort() + " can't be opened ("
                            + e.getMessage() + "): stop the program that uses it, or change " + GatewayControlConfig.PID
                            + " port",
                    e);
        }
    }

    @Override
    public GatewayInfo info() {
        return info;
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Deactivate
    void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.atWarn().log("the control port took too long to close");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
