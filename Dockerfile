# A silo of the cluster, with the web parts. Settings come from the environment and from files: see docs/cluster.md and docs/security.md.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Node and npm make the web parts; the image that runs has neither.
COPY --from=node:22-bookworm-slim /usr/local/bin/ /usr/local/bin/
COPY --from=node:22-bookworm-slim /usr/local/lib/node_modules/ /usr/local/lib/node_modules/
WORKDIR /source
COPY . .
RUN dotnet publish src/OrleansModules.Silo -c Cluster -p:BuildWeb=true -o /app && mkdir /app/data

# Without a shell and without a package manager; its default user is not root. The libraries of ICU are not needed: no text is sorted by culture.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=$APP_UID:$APP_UID /app/data /data
USER $APP_UID
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 \
    DOTNET_EnableDiagnostics=0 \
    Modules__DataDirectory=/data
VOLUME /data
EXPOSE 8080 11111
ENTRYPOINT ["dotnet", "OrleansModules.Silo.dll"]
