-- Users, their roles and scopes, and what each role grants.
-- depends: 0004_planning_nonlabor

CREATE TABLE planning.users (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT users_pkey PRIMARY KEY,
    username varchar(100) NOT NULL,
    email varchar(255) NOT NULL,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_email_key UNIQUE (email)
);

COMMENT ON TABLE planning.users IS
'Who works with planning. How they sign in is not told here.';
COMMENT ON COLUMN planning.users.is_active IS 'False: no permission and no scope counts.';

CREATE TABLE planning.permissions (
    permission text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT permissions_pkey PRIMARY KEY (permission)
);

COMMENT ON TABLE planning.permissions IS
'What can be allowed.';

CREATE TABLE planning.role_permissions (
    role_type text NOT NULL,
    permission text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT role_permissions_pkey PRIMARY KEY (role_type, permission),
    CONSTRAINT role_permissions_permission_fkey FOREIGN KEY (permission) REFERENCES planning.permissions
);

COMMENT ON TABLE planning.role_permissions IS
'What each role grants.';

CREATE INDEX ix_role_permissions_permission ON planning.role_permissions (permission);

CREATE TABLE planning.user_roles (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT user_roles_pkey PRIMARY KEY,
    user_id uuid NOT NULL,
    role_type text NOT NULL,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES planning.users ON DELETE CASCADE,
    CONSTRAINT user_roles_user_id_role_type_key UNIQUE (user_id, role_type),
    CONSTRAINT user_roles_role_type_is_known_check CHECK (
        role_type IN ('admin', 'program_manager', 'project_manager', 'finance_manager', 'resource_manager', 'viewer')
    )
);

COMMENT ON TABLE planning.user_roles IS
'Roles of users.';
COMMENT ON COLUMN planning.user_roles.is_active IS 'False: the role grants nothing and its scopes open nothing.';

CREATE INDEX ix_user_roles_user_active ON planning.user_roles (user_id, is_active);

CREATE TABLE planning.scope_assignments (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT scope_assignments_pkey PRIMARY KEY,
    user_role_id uuid NOT NULL,
    scope_type text NOT NULL,
    program_id uuid,
    project_id uuid,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT scope_assignments_user_role_id_fkey FOREIGN KEY (user_role_id) REFERENCES planning.user_roles ON DELETE CASCADE,
    CONSTRAINT scope_assignments_program_id_fkey FOREIGN KEY (program_id) REFERENCES planning.programs,
    CONSTRAINT scope_assignments_project_id_fkey FOREIGN KEY (project_id) REFERENCES planning.projects,
    CONSTRAINT scope_assignments_names_what_its_type_opens_check CHECK (
        (scope_type = 'global' AND program_id IS NULL AND project_id IS NULL)
        OR (scope_type = 'program' AND program_id IS NOT NULL AND project_id IS NULL)
        OR (scope_type = 'project' AND program_id IS NULL AND project_id IS NOT NULL)
    )
);

COMMENT ON TABLE planning.scope_assignments IS
'What a role of a user opens. The same scope may be there twice.';

CREATE INDEX ix_scope_assignments_role_active ON planning.scope_assignments (user_role_id, is_active);
CREATE INDEX ix_scope_assignments_program_active ON planning.scope_assignments (program_id, is_active);
CREATE INDEX ix_scope_assignments_project_active ON planning.scope_assignments (project_id, is_active);

INSERT INTO planning.permissions (permission) VALUES
('manage_users'),
('manage_roles'),
('create_portfolio'),
('read_portfolio'),
('update_portfolio'),
('delete_portfolio'),
('create_program'),
('read_program'),
('update_program'),
('delete_program'),
('create_project'),
('read_project'),
('update_project'),
('delete_project'),
('create_resource'),
('read_resource'),
('update_resource'),
('delete_resource'),
('create_worker'),
('read_worker'),
('update_worker'),
('delete_worker'),
('create_assignment'),
('read_assignment'),
('update_assignment'),
('delete_assignment'),
('create_actual'),
('read_actual'),
('update_actual'),
('delete_actual'),
('import_actuals'),
('view_budget'),
('update_budget'),
('view_forecast'),
('view_reports'),
('view_audit_logs');

INSERT INTO planning.role_permissions (role_type, permission) VALUES
('admin', 'create_actual'),
('admin', 'create_assignment'),
('admin', 'create_portfolio'),
('admin', 'create_program'),
('admin', 'create_project'),
('admin', 'create_resource'),
('admin', 'create_worker'),
('admin', 'delete_actual'),
('admin', 'delete_assignment'),
('admin', 'delete_portfolio'),
('admin', 'delete_program'),
('admin', 'delete_project'),
('admin', 'delete_resource'),
('admin', 'delete_worker'),
('admin', 'import_actuals'),
('admin', 'manage_roles'),
('admin', 'manage_users'),
('admin', 'read_actual'),
('admin', 'read_assignment'),
('admin', 'read_portfolio'),
('admin', 'read_program'),
('admin', 'read_project'),
('admin', 'read_resource'),
('admin', 'read_worker'),
('admin', 'update_actual'),
('admin', 'update_assignment'),
('admin', 'update_budget'),
('admin', 'update_portfolio'),
('admin', 'update_program'),
('admin', 'update_project'),
('admin', 'update_resource'),
('admin', 'update_worker'),
('admin', 'view_audit_logs'),
('admin', 'view_budget'),
('admin', 'view_forecast'),
('admin', 'view_reports'),
('finance_manager', 'read_actual'),
('finance_manager', 'read_assignment'),
('finance_manager', 'read_portfolio'),
('finance_manager', 'read_program'),
('finance_manager', 'read_project'),
('finance_manager', 'read_resource'),
('finance_manager', 'read_worker'),
('finance_manager', 'update_budget'),
('finance_manager', 'view_audit_logs'),
('finance_manager', 'view_budget'),
('finance_manager', 'view_forecast'),
('finance_manager', 'view_reports'),
('program_manager', 'create_assignment'),
('program_manager', 'create_program'),
('program_manager', 'create_project'),
('program_manager', 'delete_assignment'),
('program_manager', 'import_actuals'),
('program_manager', 'read_actual'),
('program_manager', 'read_assignment'),
('program_manager', 'read_portfolio'),
('program_manager', 'read_program'),
('program_manager', 'read_project'),
('program_manager', 'read_resource'),
('program_manager', 'read_worker'),
('program_manager', 'update_assignment'),
('program_manager', 'update_budget'),
('program_manager', 'update_program'),
('program_manager', 'update_project'),
('program_manager', 'view_budget'),
('program_manager', 'view_forecast'),
('program_manager', 'view_reports'),
('project_manager', 'create_assignment'),
('project_manager', 'delete_assignment'),
('project_manager', 'import_actuals'),
('project_manager', 'read_actual'),
('project_manager', 'read_assignment'),
('project_manager', 'read_portfolio'),
('project_manager', 'read_program'),
('project_manager', 'read_project'),
('project_manager', 'read_resource'),
('project_manager', 'read_worker'),
('project_manager', 'update_assignment'),
('project_manager', 'update_project'),
('project_manager', 'view_budget'),
('project_manager', 'view_forecast'),
('project_manager', 'view_reports'),
('resource_manager', 'create_assignment'),
('resource_manager', 'create_resource'),
('resource_manager', 'create_worker'),
('resource_manager', 'delete_assignment'),
('resource_manager', 'delete_resource'),
('resource_manager', 'delete_worker'),
('resource_manager', 'read_actual'),
('resource_manager', 'read_assignment'),
('resource_manager', 'read_portfolio'),
('resource_manager', 'read_program'),
('resource_manager', 'read_project'),
('resource_manager', 'read_resource'),
('resource_manager', 'read_worker'),
('resource_manager', 'update_assignment'),
('resource_manager', 'update_resource'),
('resource_manager', 'update_worker'),
('resource_manager', 'view_reports'),
('viewer', 'read_actual'),
('viewer', 'read_assignment'),
('viewer', 'read_portfolio'),
('viewer', 'read_program'),
('viewer', 'read_project'),
('viewer', 'read_resource'),
('viewer', 'read_worker'),
('viewer', 'view_budget'),
('viewer', 'view_forecast'),
('viewer', 'view_reports');
