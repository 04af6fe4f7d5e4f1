-- Takes the grants back; who may see what is lost.

DROP TABLE access.grants;
