-- Takes 0014_cascade_faster.sql back: mgmt_resolve as it was in 0006_cascade.sql.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

do $$
begin
    execute replace(pg_get_functiondef('mgmt_resolve(text, text, text)'::regprocedure),
        'from dependencies where version is not null offset 0) p', 'from dependencies where version is not null) p');
end $$;
