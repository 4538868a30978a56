-- Takes 0011_compatibility.sql back. Tables that were set aside get their names back, with what they held then.
drop view sys_module_usage_daily;
drop view sys_module_usage;
drop view sys_lambda_config;
drop view sys_module_registry;
do $$
declare
    v_table text;
begin
    foreach v_table in array '{sys_module_registry,sys_lambda_config,sys_module_usage,sys_module_usage_daily}'::text[] loop
        if to_regclass(v_table || '_old') is not null then
            execute format('alter table %I rename to %I', v_table || '_old', v_table);
        end if;
    end loop;
end $$;
