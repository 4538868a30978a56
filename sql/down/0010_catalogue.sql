-- Takes 0010_catalogue.sql back. Tables that were set aside get their names back, with what they held then.
drop trigger mgmt_cfg_org_modules_show on mgmt_cfg_org_modules;
drop trigger mgmt_cfg_sys_modules_show on mgmt_cfg_sys_modules;
drop table tenant_modules;
drop table modules;
drop function mgmt_take_tenant_module();
drop function mgmt_take_module();
drop function mgmt_show_org_module();
drop function mgmt_show_module();
drop function mgmt_set_aside(text);
do $$
declare
    v_table text;
begin
    foreach v_table in array '{modules,tenant_modules}'::text[] loop
        if to_regclass(v_table || '_old') is not null then
            execute format('alter table %I rename to %I', v_table || '_old', v_table);
        end if;
    end loop;
end $$;
