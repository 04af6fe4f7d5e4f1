-- clinical.rooms_events
-- Who may enter the rooms of reporting efforts and roles.
-- requires: events.declare_family(), clinical.may_join_room()
-- source:   docs/clinical_writes.md, "What is told"

SELECT events.declare_family('clinical', 'clinical.may_join_room');
