# A silo of the cluster. Settings come from the environment: see docs/cluster.md.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/OrleansModules.Silo -c Cluster -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV ASPNETCORE_URLS=http://0.0.0.0:8080
EXPOSE 8080 11111
ENTRYPOINT ["dotnet", "OrleansModules.Silo.dll"]
