/** NestJS on Fastify with its own guards, throttler and validation pipe, and the plugins that its guide names. */
import 'reflect-metadata';

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';

import fastifyCors from '@fastify/cors';
import fastifyHelmet from '@fastify/helmet';
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Injectable,
  Module,
  Param,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Throttle, ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';

import {
  findProduct,
  LIMITED_MAX,
  LIMITED_WINDOW_SECONDS,
  quoteOf,
  UNREACHED_MAX,
} from '../../src/contract/contract.ts';
import { runService } from '../../src/contract/run-service.ts';
import { DocumentDto, ProductParams, QuoteDto } from './nest-dto.ts';

type WithCaller = FastifyRequest & { caller: { userId: string; role: string } };

await runService(async ({ publicKeyPem, issuer, audience }) => {
  @Injectable()
  class AuthGuard implements CanActivate {
    constructor(private readonly tokens: JwtService) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<WithCaller>();
      try {
        const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
        const claims = await this.tokens.verifyAsync<{ sub: string; role: string }>(token);
        request.caller = { userId: claims.sub, role: claims.role };
        return true;
      } catch {
        throw new UnauthorizedException();
      }
    }
  }

  @Controller('api')
  class BenchController {
    @Get('products/:id')
    product(@Param() { id }: ProductParams) {
      return findProduct(id);
    }

    @Get('account')
    @UseGuards(AuthGuard)
    account(@Req() request: WithCaller) {
      return request.caller;
    }

    @Post('quotes')
    @HttpCode(200)
    quote(@Body() body: QuoteDto) {
      return quoteOf(body);
    }

    @Post('documents')
    @HttpCode(200)
    document(@Body() body: DocumentDto) {
      return { length: body.text.length };
    }

    @Get('limited')
    @Throttle({ default: { limit: LIMITED_MAX, ttl: LIMITED_WINDOW_SECONDS * 1000 } })
    limited() {
      return { length: 0 };
    }
  }

  @Module({
    imports: [
      ThrottlerModule.forRoot([{ ttl: 900_000, limit: UNREACHED_MAX }]),
      JwtModule.register({ publicKey: publicKeyPem, verifyOptions: { algorithms: ['ES256'], issuer, audience } }),
    ],
    controllers: [BenchController],
    providers: [AuthGuard, { provide: APP_GUARD, useClass: ThrottlerGuard }],
  })
  class AppModule {}

  const adapter = new FastifyAdapter({
    trustProxy: ['127.0.0.1'],
    bodyLimit: 100 * 1024,
    genReqId: () => randomUUID(),
    logger: { redact: ['req.headers.authorization', 'req.headers.cookie'] },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: ['error'] });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      done();
    });
  await app.register(fastifyHelmet);
  await app.register(fastifyCors, { origin: ['https://app.service.example'], credentials: true });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  await app.init();
  await adapter.getInstance().ready();
  return app.getHttpServer() as Server;
});
