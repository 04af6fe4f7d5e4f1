-- Takes the tables of stepping aside and adopting back.

DROP TABLE deploy.adopted_view;
DROP TABLE deploy.made_again;
DROP TABLE deploy.stepped_aside;
DROP SCHEMA deploy_internal;
