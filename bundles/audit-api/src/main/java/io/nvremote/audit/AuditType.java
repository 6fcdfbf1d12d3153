// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import io.nvremote.core.StreamException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Name of a kind of event: upper case with underscores, at most 64 characters. An open set; these are the known ones. */
public record AuditType(String name) {

    private static final Pattern RULE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    public static final AuditType USER_LOGIN = new AuditType("USER_LOGIN");
    public static final AuditType USER_LOGOUT = new AuditType("USER_LOGOUT");
    public static final AuditType TOKEN_REFRESH = new AuditType("TOKEN_REFRESH");
    public static final AuditType TOKEN_REVOKED = new AuditType("TOKEN_REVOKED");
    public static final AuditType LOGIN_FAILED = new AuditType("LOGIN_FAILED");
    public static final AuditType DEVICE_MISMATCH = new AuditType("DEVICE_MISMATCH");
    public static final AuditType ACCESS_DENIED = new AuditType("ACCESS_DENIED");
    public static final AuditType ROLE_INSUFFICIENT = new AuditType("ROLE_INSUFFICIENT");
    public static final AuditType RATE_LIMITED = new AuditType("RATE_LIMITED");
    public static final AuditType ORG_CREATED = new AuditType("ORG_CREATED");
    public static final AuditType ORG_UPDATED = new AuditType("ORG_UPDATED");
    public static final AuditType ORG_DELETED = new AuditType("ORG_DELETED");
    public static final AuditType MEMBER_INVITED = new AuditType("MEMBER_INVITED");
    public static final AuditType MEMBER_JOINED = new AuditType("MEMBER_JOINED");
    public static final AuditType INVITATION_REVOKED = new AuditType("INVITATION_REVOKED");
    public static final AuditType INVITATION_DECLINED = new AuditType("INVITATION_DECLINED");
    public static final AuditType MEMBER_REMOVED = new AuditType("MEMBER_REMOVED");
    public static final AuditType MEMBER_ROLE_CHANGED = new AuditType("MEMBER_ROLE_CHANGED");
    public static final AuditType HOST_REGISTERED = new AuditType("HOST_REGISTERED");
    public static final AuditType HOST_RENAMED = new AuditType("HOST_RENAMED");
    public static final AuditType HOST_DEREGISTERED = new AuditType("HOST_DEREGISTERED");
    public static final AuditType HOST_ONLINE = new AuditType("HOST_ONLINE");
    public static final AuditType HOST_OFFLINE = new AuditType("HOST_OFFLINE");
    public static final AuditType HOST_CERT_ISSUED = new AuditType("HOST_CERT_ISSUED");
    public static final AuditType HOST_CERT_REVOKED = new AuditType("HOST_CERT_REVOKED");
    public static final AuditType HOST_CERT_RENEWED = new AuditType("HOST_CERT_RENEWED");
    public static final AuditType HOST_CERT_REFUSED = new AuditType("HOST_CERT_REFUSED");
    public static final AuditType SESSION_REQUESTED = new AuditType("SESSION_REQUESTED");
    public static final AuditType SESSION_CREATED = new AuditType("SESSION_CREATED");
    public static final AuditType SESSION_OFFER_SENT = new AuditType("SESSION_OFFER_SENT");
    public static final AuditType SESSION_ACCEPTED = new AuditType("SESSION_ACCEPTED");
    public static final AuditType SESSION_ACTIVE = new AuditType("SESSION_ACTIVE");
    public static final AuditType SESSION_KEY_ROTATED = new AuditType("SESSION_KEY_ROTATED");
    public static final AuditType SESSION_TERMINATED = new AuditType("SESSION_TERMINATED");
    public static final AuditType SESSION_FAILED = new AuditType("SESSION_FAILED");
    public static final AuditType SESSION_EXPIRED = new AuditType("SESSION_EXPIRED");
    public static final AuditType SESSION_FORCE_TERMINATED = new AuditType("SESSION_FORCE_TERMINATED");
    public static final AuditType BOOTSTRAP_TOKEN_GENERATED = new AuditType("BOOTSTRAP_TOKEN_GENERATED");
    public static final AuditType EMERGENCY_REVOCATION = new AuditType("EMERGENCY_REVOCATION");
    public static final AuditType BULK_SESSION_TERMINATION = new AuditType("BULK_SESSION_TERMINATION");
    public static final AuditType AUDIT_LOG_EXPORTED = new AuditType("AUDIT_LOG_EXPORTED");
    public static final AuditType BOOTSTRAP_TOKEN_REFUSED = new AuditType("BOOTSTRAP_TOKEN_REFUSED");
    public static final AuditType BOOTSTRAP_TOKEN_REVOKED = new AuditType("BOOTSTRAP_TOKEN_REVOKED");
    public static final AuditType USER_CREATED = new AuditType("USER_CREATED");
    public static final AuditType USER_UPDATED = new AuditType("USER_UPDATED");
    public static final AuditType USER_DISABLED = new AuditType("USER_DISABLED");
    public static final AuditType USER_ENABLED = new AuditType("USER_ENABLED");

    private static final List<AuditType> KNOWN = Arrays.stream(AuditType.class.getFields())
            .filter(field -> field.getType() == AuditType.class)
            .map(AuditType::constant)
            .toList();

    public AuditType {
        if (!RULE.matcher(name).matches()) {
            throw new StreamException(AuditError.EVENT_REFUSED, "audit event name must match " + RULE + ": " + name);
        }
    }

    private static AuditType constant(Field field) {
        try {
            return (AuditType) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant of a public type", e);
        }
    }

    /** Those that are constants here: all that the platform itself writes. */
    public static List<AuditType> known() {
        return KNOWN;
    }

    @Override
    public String toString() {
        return name;
    }
}
