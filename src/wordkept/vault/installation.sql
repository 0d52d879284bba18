-- Setting a store up: databases, roles, migrations and what the privileges really are.

-- name: lock
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: create_migration
CREATE TABLE IF NOT EXISTS migration (
    name text PRIMARY KEY,
    digest bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: migrations
SELECT name, digest FROM migration;

-- name: record_migration
INSERT INTO migration (name, digest) VALUES (%(name)s, %(digest)s);

-- name: database
SELECT FROM pg_database WHERE datname = %(name)s;

-- name: roles
SELECT rolname FROM pg_roles WHERE rolname = ANY (%(roles)s);

-- name: may_set_role
SELECT pg_has_role(current_user, %(role)s, 'MEMBER');

-- name: strong_roles
-- Our roles that could step around every grant, or act as somebody else.
SELECT rolname FROM pg_roles WHERE rolname = ANY (%(roles)s)
   AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
UNION
SELECT member::regrole::text FROM pg_auth_members WHERE member::regrole::text = ANY (%(roles)s);

-- name: grants
-- Every grant in force, but those of the owner to itself: grantee, object, privilege. '-' is PUBLIC.
SELECT acl.grantee::regrole::text, c.relname, acl.privilege_type, acl.is_grantable
FROM pg_class c, LATERAL aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) acl
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND acl.grantee <> c.relowner
UNION
SELECT acl.grantee::regrole::text, c.relname || '.' || a.attname, acl.privilege_type, acl.is_grantable
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, LATERAL aclexplode(a.attacl) acl
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND acl.grantee <> c.relowner
UNION
SELECT acl.grantee::regrole::text, p.proname || '()', acl.privilege_type, acl.is_grantable
FROM pg_proc p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
WHERE p.pronamespace = 'public'::regnamespace AND acl.grantee <> p.proowner
UNION
SELECT acl.grantee::regrole::text, 'database', acl.privilege_type, acl.is_grantable
FROM pg_database d, LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) acl
WHERE d.datname = current_database() AND acl.grantee <> d.datdba
UNION
SELECT acl.grantee::regrole::text, 'schema', acl.privilege_type, acl.is_grantable
FROM pg_namespace n, LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) acl
WHERE n.nspname = 'public' AND acl.grantee <> n.nspowner;

-- name: functions
SELECT p.proname, p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace;

-- name: tables
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S');
