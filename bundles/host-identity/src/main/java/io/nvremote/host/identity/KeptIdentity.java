// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.Remedy;
import io.nvremote.core.StreamException;
import io.nvremote.gpu.GpuSensor;
import io.nvremote.identity.Credentials;
import io.nvremote.identity.HostFacts;
import io.nvremote.identity.HostIdentity;
import io.nvremote.identity.IdentityError;
import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The identity in {@code identity.pem}; enrols if there is none, comes back if it has expired. Safe for any thread; one enrols at a time. */
@Designate(ocd = IdentityConfig.class)
@Component(configurationPid = IdentityConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class KeptIdentity implements HostIdentity {

    private static final Logger LOG = LoggerFactory.getLogger(KeptIdentity.class);
    private static final long FIRST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    /** Where {@code gpu-check --host-data} leaves its result. */
    private static final String GPU_CHECK = "gpu-check.json";

    private final IdentitySettings settings;
    private final IdentityFile file;
    private final Clock clock;
    private final SplittableRandom random = new SplittableRandom();
    private final CertificateRenewal renewal;
    private final ReentrantLock obtaining = new ReentrantLock();
    private volatile @Nullable Identity present;

    /** What enrolment says of the machine's GPU; null while nobody knows. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable GpuSensor gpu;

    @Activate
    public KeptIdentity(IdentityConfig config) {
        this(IdentitySettings.of(config), Clock.system());
    }

    KeptIdentity(IdentitySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.file = new IdentityFile(settings.data().resolve("identity.pem"));
        this.renewal = new CertificateRenewal(clock, new SplittableRandom());
    }

    @Override
    public Credentials obtain() throws InterruptedException {
        obtaining.lockInterruptibly();
        try {
            Identity mine = present;
            if (mine == null) {
                mine = kept();
            }
            if (expired(mine)) {
                mine = comeBack(mine);
            }
            Credentials credentials = credentials(mine);
            present = mine;
            return credentials;
        } catch (GeneralSecurityException e) {
            throw new StreamException(
                    IdentityError.IDENTITY_DAMAGED, "the identity in " + file.file() + " can't be used: " + e, e);
        } finally {
            obtaining.unlock();
        }
    }

    private Identity kept() throws InterruptedException {
        Optional<Identity> kept = file.read();
        if (kept.isEmpty()) {
            return enrol();
        }
        LOG.atInfo().addKeyValue(Keys.HOST, kept.get().host()).log("already enrolled");
        return kept.get();
    }

    private boolean expired(Identity mine) {
        return mine.certificate().getNotAfter().toInstant().isBefore(clock.instant());
    }

    private Identity enrol() throws InterruptedException {
        OrgId org = settings.org();
        if (org == null) {
            throw new StreamException(
                    IdentityError.ENROLMENT_IMPOSSIBLE, "this host is not enrolled and org.id is empty");
        }
        Enroller enroller = new Enroller(settings.control(), trust());
        Identity made = persistently(
                "enrolment", () -> enroller.enrol(org, settings.token().read(), facts()));
        LOG.atInfo().addKeyValue(Keys.HOST, made.host()).log("enrolled");
        return made;
    }

    /** A host that slept past its certificate asks for the next one by its old key. */
    private Identity comeBack(Identity mine) throws InterruptedException {
        Instant until = mine.certificate().getNotAfter().toInstant();
        LOG.atInfo().addKeyValue("expired_at", until).log("certificate expired: asking for the next by its key");
        Enroller enroller = new Enroller(settings.control(), trust());
        Identity next = persistently("coming back", () -> {
            Identity given = enroller.comeBack(mine);
            if (expired(given)) {
                throw new StreamException(
                        IdentityError.IDENTITY_EXPIRED,
                        "the next certificate ends "
                                + given.certificate().getNotAfter().toInstant() + ", and by this machine's clock it is "
                                + clock.instant() + ": set the clock");
            }
            return given;
        });
        LOG.atInfo().addKeyValue(Keys.HOST, next.host()).log("came back with a new certificate");
        return next;
    }

    /** Tries what can pass until it has passed, and keeps what came of it. */
    private Identity persistently(String what, Supplier<Identity> attempt) throws InterruptedException {
        long wait = FIRST_WAIT_MILLIS;
        while (true) {
            try {
                Identity made = attempt.get();
                file.write(made);
                return made;
            } catch (StreamException e) {
                if (e.code().remedy() != Remedy.RETRY) {
                    throw e;
                }
                LOG.atWarn().addKeyValue(Keys.REASON, e.getMessage()).log(what + " is not possible now");
            } catch (IOException | GeneralSecurityException e) {
                throw new StreamException(
                        IdentityError.IDENTITY_DAMAGED, "the identity can't be kept in " + file.file() + ": " + e, e);
            }
            clock.sleep(Duration.ofMillis(wait / 2 + random.nextLong(wait / 2 + 1)));
            if (Thread.interrupted()) {
                throw new InterruptedException(what + " is given up");
            }
            wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
        }
    }

    @Override
    public HostFacts facts() {
        return new HostFacts(
                settings.hostName(),
                Map.of(
                        "name", System.getProperty("os.name"),
                        "version", System.getProperty("os.version"),
                        "arch", System.getProperty("os.arch")),
                gpuInfo(),
                version());
    }

    /** Of this bundle, which may be updated alone; none where no framework runs it. */
    private static String version() {
        Bundle own = FrameworkUtil.getBundle(KeptIdentity.class);
        return own == null ? "0" : own.getVersion().toString();
    }

    /**
     * What is there now, and what gpu-check proved of it. Nothing where a GPU that it saw can't be read now: the control plane then goes on
     * with all that it was told before.
     */
    private Map<String, String> gpuInfo() {
        GpuSensor sensor = gpu;
        Optional<GpuSensor.Reading> now = sensor == null ? Optional.empty() : sensor.read();
        GpuCheckResult checked = GpuCheckResult.read(settings.data().resolve(GPU_CHECK));
        if (now.isEmpty() && checked.sawGpu()) {
            return Map.of();
        }
        Map<String, String> found = new HashMap<>(checked.summary());
        now.ifPresent(reading -> {
            found.put("name", reading.name());
            found.put("vram_total_mb", Long.toString(reading.memoryTotalMb()));
        });
        return found;
    }

    private @Nullable SSLContext trust() {
        if (settings.authority() == null) {
            return null;
        }
        try {
            String pem = Files.readString(settings.authority(), StandardCharsets.US_ASCII);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, Identity.trust(Pem.certificates(pem)).getTrustManagers(), new SecureRandom());
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    IdentityError.ENROLMENT_IMPOSSIBLE,
                    "the authority in " + settings.authority() + " can't be read: " + e,
                    e);
        }
    }

    @Override
    public Optional<String> renewalRequest() {
        Identity mine = present;
        try {
            return mine == null ? Optional.empty() : renewal.due(mine);
        } catch (GeneralSecurityException e) {
            LOG.atError().setCause(e).log("a certificate request can't be made");
            return Optional.empty();
        }
    }

    @Override
    public Credentials renewed(String certificate, String authority) {
        Identity mine = present;
        try {
            if (mine == null) {
                throw new GeneralSecurityException("this host is not enrolled");
            }
            Identity next = renewal.certified(mine, certificate, authority);
            Credentials credentials = credentials(next);
            file.write(next);
            present = next;
            LOG.atInfo().addKeyValue("expires_at", credentials.expires()).log("certificate renewed");
            return credentials;
        } catch (GeneralSecurityException | IOException e) {
            throw new StreamException(
                    IdentityError.CERTIFICATE_UNUSABLE, "the next certificate can't be used: " + e, e);
        }
    }

    private static Credentials credentials(Identity identity) throws GeneralSecurityException {
        return new Credentials(
                identity.host(),
                identity.tls(),
                identity.certificate().getNotAfter().toInstant());
    }
}
