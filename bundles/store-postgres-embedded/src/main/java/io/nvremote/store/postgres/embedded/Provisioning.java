// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** The roles and the database inside the server; run at each start, changes nothing that is right already. */
final class Provisioning {

    static final String DATABASE = "nvremote";
    static final String OWNER = "nvremote_owner";
    static final String APP = "nvremote_app";

    private Provisioning() {}

    static void run(int port, Passwords passwords) throws SQLException {
        PGSimpleDataSource source = source(port, "postgres");
        source.setLoginTimeout(5);
        try (Connection connection =
                        source.getConnection("postgres", passwords.superuser().reveal());
                Statement statement = connection.createStatement()) {
            // Passwords are base64url: nothing in them needs quoting.
            role(statement, OWNER, passwords.owner().reveal());
            role(statement, APP, passwords.app().reveal());
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
            }
            statement.execute("REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
            statement.execute("GRANT CONNECT ON DATABASE " + DATABASE + " TO " + APP);
        }
    }

    static PGSimpleDataSource source(int port, String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setApplicationName("nvremote");
        source.setConnectTimeout(5);
        source.setSocketTimeout(30);
        return source;
    }

    private static void role(Statement statement, String name, String password) throws SQLException {
        if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + name + "'")) {
            statement.execute("CREATE ROLE " + name + " LOGIN");
        }
        statement.execute("ALTER ROLE " + name
                + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '" + password + "'");
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
