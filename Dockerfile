# A silo of the cluster, with the web parts. Settings come from the environment: see docs/cluster.md.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Node and npm make the web parts; the image that runs has neither.
COPY --from=node:22-bookworm-slim /usr/local/bin/ /usr/local/bin/
COPY --from=node:22-bookworm-slim /usr/local/lib/node_modules/ /usr/local/lib/node_modules/
WORKDIR /source
COPY . .
RUN dotnet publish src/OrleansModules.Silo -c Cluster -p:BuildWeb=true -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV ASPNETCORE_URLS=http://0.0.0.0:8080
EXPOSE 8080 11111
ENTRYPOINT ["dotnet", "OrleansModules.Silo.dll"]
