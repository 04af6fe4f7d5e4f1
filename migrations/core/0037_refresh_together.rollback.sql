-- Views switch one by one again; their rows are right all the same.

DROP TABLE refresh.grouped_views;
